// Choosing a passage in the letter: a click chooses it, a second one opens its line in the editor's
// own program, a double one edits it here.

import { ask, sentence } from "./ask.js";
import { edit } from "./edit.js";
import { boxOf, frames, onSettled, scrollTo } from "./frames.js";
import { dim, light } from "./marks.js";
import { elementAt, passageOf, placeOf } from "./places.js";
import { toast } from "./say.js";

const DOUBLE = 350; // milliseconds in which a second click makes a double one

const chip = document.getElementById("chip");
const listening = new WeakSet();
let chosen = null;
let opening;

export function listenToLetters(onKey) {
  onSettled((frame) => {
    const page = frame.contentDocument;
    if (listening.has(page)) return;
    listening.add(page);
    page.addEventListener("click", click);
    page.addEventListener("dblclick", double);
    page.addEventListener("keydown", onKey);
  });
  // Subject and preheader stand outside the letter.
  for (const name of ["dblclick", "keydown", "click"]) {
    document.addEventListener(name, editLine, { capture: true });
  }
  document.getElementById("chip-edit").addEventListener("click", () => editChosen());
  document.getElementById("chip-open").addEventListener("click", () => openChosen());
  document.addEventListener("scroll", put, { capture: true, passive: true });
  addEventListener("resize", put);
}

function editLine(event) {
  const line = event.target.closest?.("[data-edit]");
  if (!line || (event.type === "keydown" && !["Enter", " ", "e"].includes(event.key))) return;
  if (event.type === "click" && event.detail > 0) return; // only that of a screen reader
  event.preventDefault();
  edit(line, line.dataset.edit);
}

function click(event) {
  const passage = passageOf(event.target);
  const link = event.target.closest?.("a[href]");
  if (link && (event.ctrlKey || event.metaKey)) return; // follows it, in a new tab
  if (link) event.preventDefault();
  if (event.detail > 1) return;
  clearTimeout(opening);
  // Inside the letter a link is followed once it is clear that no second click comes: a letter
  // that moves away under the pointer cannot be double-clicked.
  if (/^#/.test(link?.getAttribute("href"))) opening = setTimeout(jump, DOUBLE, link);
  if (!passage) return release();
  if (passage === chosen && !link) {
    opening = setTimeout(openChosen, DOUBLE);
    return;
  }
  choose(passage, link);
}

function jump(link) {
  const name = CSS.escape(decodeURIComponent(link.getAttribute("href").slice(1)));
  const target = name && link.ownerDocument.querySelector(`#${name}, a[name="${name}"]`);
  if (target) scrollTo(target, { block: "start" });
}

function double(event) {
  clearTimeout(opening);
  const passage = passageOf(event.target);
  if (!passage) return;
  event.preventDefault();
  passage.ownerDocument.getSelection().removeAllRanges();
  choose(passage);
  editChosen();
}

export function choose(passage, link = null) {
  release();
  chosen = passage;
  light([passage], "chosen");
  document.getElementById("chip-place").textContent = short(placeOf(passage));
  const follow = document.getElementById("chip-link");
  follow.hidden = !link;
  if (link) {
    follow.href = link.href;
    follow.title = link.href;
  }
  chip.hidden = false;
  put();
}

export function release() {
  if (!chosen) return false;
  chosen = null;
  chip.hidden = true;
  frames().forEach((frame) => frame.contentDocument && dim(frame.contentDocument, "chosen"));
  return true;
}

export function editChosen() {
  if (!chosen) return;
  const [passage, place] = [chosen, placeOf(chosen)];
  release();
  edit(passage, place);
}

export function openChosen() {
  if (chosen) open({ place: placeOf(chosen) });
}

// The next passage of the letter, or the one before; the first if none is chosen.
export function step(by) {
  const page = chosen?.ownerDocument ?? frames()[0]?.contentDocument;
  const all = [...(page?.querySelectorAll("[data-place]") ?? [])].filter(
    (element) => !element.querySelector("[data-place]") && element.getClientRects().length,
  );
  if (!all.length) return;
  const at = all.indexOf(chosen);
  const next = all[Math.min(Math.max(at < 0 ? 0 : at + by, 0), all.length - 1)];
  choose(next);
  scrollTo(next);
}

export function hasChosen() {
  return chosen !== null && chosen.isConnected;
}

// Opens a place, or a line and column, in the editor's own program.
export async function open(where) {
  try {
    const answer = await ask(`${document.body.dataset.issue}/open`, where);
    if (answer.address) location.assign(answer.address);
    else if (answer.opened) toast(`Opened ${answer.opened}.`);
    else {
      await navigator.clipboard?.writeText(answer.copy).catch(() => {});
      toast(`${answer.copy} is in your clipboard. To open it with a click, set NEWSLETTER_EDITOR: vscode, idea, or a command such as "subl {file}:{line}:{column}".`);
    }
  } catch (error) {
    toast(sentence(error));
  }
}

export function show(place) {
  let found = false;
  for (const frame of frames()) {
    const element = elementAt(frame, place);
    if (!element) continue;
    found = true;
    scrollTo(element, { block: "center" });
  }
  return found;
}

function put() {
  if (!hasChosen()) return void (chip.hidden = true);
  const box = boxOf(chosen);
  const stage = frames().find((frame) => frame.contentDocument === chosen.ownerDocument)?.closest(".stage");
  const outer = stage?.getBoundingClientRect();
  chip.hidden = !outer || box.bottom < outer.top || box.top > outer.bottom;
  const top = box.top - chip.offsetHeight - 6;
  chip.style.top = `${Math.max(top, outer?.top ?? 0)}px`;
  chip.style.left = `${Math.min(Math.max(box.left, 8), innerWidth - chip.offsetWidth - 8)}px`;
}

function short(place) {
  return place.replace(/:\d+$/, "").replace(/\.(\d+)/g, (_, n) => ` ${Number(n) + 1}`).replaceAll(".", " ");
}
