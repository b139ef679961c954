// Entry point: every page of the preview loads this one module.

import { fit, reload, rememberScroll } from "./frames.js";
import { follow } from "./live.js";

document.addEventListener("change", (event) => {
  if (event.target.id === "issue") location.assign(event.target.value);
});

fit();
rememberScroll();
follow({ onLetter: reload, onSwap: fit });
