// The panes: what each shows and how wide its screen is. The choice is kept in the address.

import { frames, scale } from "./frames.js";

const [NARROWEST, WIDEST, STEP] = [240, 1600, 10]; // pixels

export function listenToPanes() {
  // Another width, or a picture that has come: the line moves with the letter.
  const sheets = new ResizeObserver(drawCut);
  for (const sheet of document.querySelectorAll(".sheet")) sheets.observe(sheet);
  document.addEventListener("change", ({ target }) => {
    const pane = target.closest?.(".pane");
    if (target.classList.contains("width") && pane) widen(pane, Number(target.value));
    if (target.classList.contains("kind") && pane) location.assign(address(pane, target.value));
  });
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".drag");
    if (handle) drag(handle, event);
  });
  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.(".drag");
    const by = { ArrowLeft: -STEP, ArrowRight: STEP, PageDown: -100, PageUp: 100 }[event.key];
    if (!handle || !by) return;
    event.preventDefault();
    event.stopPropagation();
    const pane = handle.closest(".pane");
    widen(pane, Number(pane.dataset.width) + by);
  });
}

function drag(handle, start) {
  const pane = handle.closest(".pane");
  const frame = pane.querySelector("iframe");
  const [width, factor] = [Number(pane.dataset.width), Number(frame.dataset.scale) || 1];
  start.preventDefault();
  handle.setPointerCapture(start.pointerId);
  document.body.classList.add("dragging"); // the frames must not swallow the pointer
  const move = (event) => {
    // The sheet stands in the middle: both of its edges move.
    widen(pane, width + Math.round((2 * (event.clientX - start.clientX)) / factor), { keep: false });
  };
  const done = () => {
    handle.removeEventListener("pointermove", move);
    document.body.classList.remove("dragging");
    widen(pane, Number(pane.dataset.width));
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", done, { once: true });
  handle.addEventListener("pointercancel", done, { once: true });
}

function widen(pane, wanted, { keep = true } = {}) {
  const width = Math.min(Math.max(wanted, NARROWEST), WIDEST);
  pane.dataset.width = width;
  pane.querySelector(".drag").setAttribute("aria-valuenow", width);
  const select = pane.querySelector(".width");
  const option = [...select.options].find((one) => Number(one.value) === width) ?? select.options[0];
  if (Number(option.value) !== width) {
    option.value = width;
    option.textContent = `${width} px`;
  }
  select.value = String(width);
  scale();
  if (keep) history.replaceState(null, "", address());
}

// The address of the page as the panes stand now, or with another view in one of them.
function address(changed = null, kind = "") {
  const tokens = [...document.querySelectorAll(".pane")].map((pane) => {
    const shown = pane === changed ? kind : pane.dataset.kind;
    const width = Number(pane.dataset.width) || (shown === "web" ? 1000 : 640);
    return ["text", "inbox", "html", "message"].includes(shown) ? shown : `${shown}-${width}`;
  });
  const query = new URLSearchParams(location.search);
  query.set("show", tokens.join(","));
  return `${location.pathname}?${query.toString().replaceAll("%2C", ",")}`;
}

// A line where Gmail would cut the letter off.
export function drawCut() {
  const at = Number(document.body.dataset.cut);
  for (const line of document.querySelectorAll(".cut")) line.remove();
  if (Number.isNaN(at) || document.body.dataset.cut === undefined) return;
  for (const frame of frames()) {
    if (frame.dataset.kind !== "letter") continue;
    const element = frame.contentDocument?.body?.getElementsByTagName("*")[at];
    if (!element) continue;
    const line = document.createElement("p");
    line.className = "cut";
    line.textContent = "Gmail cuts the letter off here";
    const factor = Number(frame.dataset.scale) || 1;
    line.style.top = `${element.getBoundingClientRect().top * factor}px`;
    frame.closest(".sheet").append(line);
  }
}
