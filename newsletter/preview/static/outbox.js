// The outbox.

import { fit, rememberScroll } from "./frames.js";
import { listenToKeys } from "./keys.js";
import { follow } from "./live.js";

listenToKeys({
  "/": () => document.getElementById("search")?.focus(),
  j: () => step(1),
  k: () => step(-1),
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".search")) return;
  event.preventDefault(); // forms lead nowhere by our own policy; the address does
  const query = new URLSearchParams(location.search);
  query.set("q", event.target.elements.q.value);
  location.assign(`${location.pathname.replace(/(\/outbox)\/.*/, "$1")}?${query}`);
});
fit();
rememberScroll();
follow({ then: fit });

function step(by) {
  const all = [...document.querySelectorAll(".mails li a")];
  const at = all.findIndex((link) => link.getAttribute("aria-current"));
  all[at + by]?.click();
}
