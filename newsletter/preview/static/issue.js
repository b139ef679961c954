// The page of an issue.

import { ask, base, sentence } from "./ask.js";
import { isEditing, listenToEditing } from "./edit.js";
import { fixCurrent, listenToFindings, restore, stepFinding } from "./findings.js";
import { fit, onSettled, reload, rememberScroll } from "./frames.js";
import { listenToKeys } from "./keys.js";
import { follow } from "./live.js";
import { listenToOutline } from "./outline.js";
import { drawCut, listenToPanes } from "./panes.js";
import { editChosen, hasChosen, listenToLetters, openChosen, release, step } from "./passages.js";
import { findPlaces } from "./places.js";
import { listenToProofs } from "./proofs.js";
import { listenToReaders } from "./readers.js";
import { toast } from "./say.js";

const press = (id) => () => document.getElementById(id)?.click();
const views = Object.fromEntries([..."123456789"].map((key) => [key, press(`view-${key}`)]));

const onKey = listenToKeys({
  ...views,
  "+": () => document.querySelector(".add")?.click(),
  "[": () => another(-1),
  "]": () => another(1),
  j: () => stepFinding(1),
  k: () => stepFinding(-1),
  x: fixCurrent,
  f: press("fold-findings"),
  l: press("fold-outline"),
  r: press("as-reader"),
  p: press("proof"),
  u: () => back("undo"),
  U: () => back("redo"),
  t: () => step(0),
  e: () => (hasChosen() ? editChosen() : false),
  Enter: (event) => (hasChosen() && !event.target.closest?.("button, a") ? openChosen() : false),
  ArrowDown: () => (hasChosen() ? step(1) : false),
  ArrowUp: () => (hasChosen() ? step(-1) : false),
  Escape: () => release(),
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "issue") location.assign(target.value);
});
document.addEventListener("click", ({ target }) => target.closest?.("#undo") && back("undo"));

listenToLetters(onKey);
listenToEditing();
listenToFindings();
listenToOutline();
listenToPanes();
listenToProofs();
listenToReaders();
fit();
document.getElementById("main").classList.add("fitted");
rememberScroll();
findPlaces();
onSettled(drawCut);
follow({
  first: reload,
  then: () => {
    restore();
    fit();
    drawCut();
  },
  created: (slug) => {
    if (!isEditing()) location.assign(`${base}/issue/${encodeURIComponent(slug)}${location.search}`);
  },
});

function another(by) {
  const list = document.getElementById("issue");
  const option = list.options[list.selectedIndex + by];
  if (option) location.assign(option.value);
}

async function back(what) {
  try {
    await ask(`${document.body.dataset.issue}/${what}`);
    toast(what === "undo" ? "Taken back." : "Made again.");
  } catch (error) {
    toast(sentence(error));
  }
}
