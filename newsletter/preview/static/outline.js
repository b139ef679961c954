// The parts of the letter: a click goes there; dragging, or Alt and an arrow, moves a section.

import { ask, sentence } from "./ask.js";
import { frames, scrollTo } from "./frames.js";
import { elementAt } from "./places.js";
import { announce, toast } from "./say.js";

const outline = document.getElementById("outline");
let dragged = null;

export function listenToOutline() {
  outline.addEventListener("click", (event) => {
    const stop = event.target.closest(".stop");
    if (!stop) return;
    if (event.target.closest(".up")) move(stop, -1);
    else if (event.target.closest(".down")) move(stop, 1);
    else go(stop.dataset.place);
  });
  outline.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const stop = event.target.closest(".stop");
    if (!by || !stop) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) move(stop, by);
    else (by < 0 ? stop.previousElementSibling : stop.nextElementSibling)?.querySelector(".go").focus();
  });
  outline.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".stop[data-section]");
    if (!dragged) return event.preventDefault();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.textContent.trim());
    dragged.classList.add("dragged");
  });
  outline.addEventListener("dragover", (event) => {
    const over = event.target.closest(".stop[data-section]");
    clear("above", "below");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    over.classList.add(isBelow(event, over) ? "below" : "above");
  });
  outline.addEventListener("drop", (event) => {
    const over = event.target.closest(".stop[data-section]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const from = Number(dragged.dataset.section);
    const gap = Number(over.dataset.section) + (isBelow(event, over) ? 1 : 0);
    put(from, gap > from ? gap - 1 : gap);
  });
  outline.addEventListener("dragend", () => {
    clear("above", "below", "dragged");
    dragged = null;
  });
}

function isBelow(event, over) {
  const box = over.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

function clear(...names) {
  for (const name of names) outline.querySelector(`.${name}`)?.classList.remove(name);
}

function go(place) {
  for (const frame of frames()) {
    const element = elementAt(frame, place);
    if (element) scrollTo(element, { block: "start" });
  }
}

function move(stop, by) {
  const from = Number(stop.dataset.section);
  const last = outline.querySelectorAll("[data-section]").length - 1;
  const to = from + by;
  if (Number.isNaN(from) || to < 0 || to > last) return;
  put(from, to);
}

async function put(section, to) {
  if (section === to) return;
  const stops = [...outline.querySelectorAll("[data-section]")];
  const title = stops[section].querySelector(".go").textContent;
  const first = outline.querySelectorAll(".stop").length - stops.length;
  try {
    const digest = document.body.dataset.file;
    await ask(`${document.body.dataset.issue}/move`, { digest, section, to });
    announce(`${title} is now number ${to + 1} of ${stops.length}`);
    // The list is put in place anew when the file was read; the focus goes along.
    document.getElementById(`stop-${first + to + 1}`)?.focus();
  } catch (error) {
    toast(sentence(error));
  }
}
