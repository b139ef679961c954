// The list of findings: hover lights up the passage, a click goes there, a second one opens the line.

import { ask, sentence } from "./ask.js";
import { frames } from "./frames.js";
import { dim, light } from "./marks.js";
import { open, show } from "./passages.js";
import { elementAt } from "./places.js";
import { toast } from "./say.js";

const list = document.getElementById("findings");
let current = ""; // id of the finding that was chosen last
let only = ""; // the group that is shown; empty for all

export function listenToFindings() {
  for (const name of ["pointerover", "focusin"]) {
    document.addEventListener(name, (event) => {
      frames().forEach((frame) => frame.contentDocument && dim(frame.contentDocument, "lit"));
      for (const row of document.querySelectorAll(".glance .lit")) row.classList.remove("lit");
      const remark = event.target.closest?.(".remark");
      if (remark) lightUp(remark.dataset.place);
    });
  }
  document.addEventListener("click", (event) => {
    const remark = event.target.closest?.(".remark");
    const filter = event.target.closest?.(".filter");
    if (event.target.closest?.(".fix")) mend(remark);
    else if (filter) choose(filter.dataset.group === only ? "" : filter.dataset.group);
    else if (remark && !getSelection().toString()) press(remark);
  });
  restore();
}

// After the list was put in place anew.
export function restore() {
  choose(only);
  document.getElementById(current)?.setAttribute("aria-current", "true");
}

function lightUp(place) {
  const way = place.split(":")[0];
  document.querySelector(`.glance [data-edit="${CSS.escape(way)}"]`)?.classList.add("lit");
  for (const frame of frames()) {
    const element = elementAt(frame, place);
    if (element) light([element], "lit");
  }
}

function press(remark) {
  if (remark.id === current) {
    const { line, column, path } = remark.dataset;
    open({ line: Number(line), column: Number(column), path });
    return;
  }
  document.getElementById(current)?.removeAttribute("aria-current");
  current = remark.id;
  remark.setAttribute("aria-current", "true");
  remark.scrollIntoView({ block: "nearest" });
  lightUp(remark.dataset.place);
  show(remark.dataset.place);
}

export function stepFinding(by) {
  const all = [...list.querySelectorAll(".remark:not([hidden])")];
  const at = all.findIndex((remark) => remark.id === current);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next || next.id === current) return;
  press(next);
  next.querySelector(".show").focus({ preventScroll: true });
}

export function fixCurrent() {
  const remark = document.getElementById(current);
  if (remark?.querySelector(".fix")) mend(remark);
}

async function mend(remark) {
  const { line, column, rule } = remark.dataset;
  const digest = document.body.dataset.file;
  try {
    await ask(`${document.body.dataset.issue}/fix`, { digest, line, column, rule });
    toast("Mended. Undo takes it back.");
  } catch (error) {
    toast(sentence(error));
  }
}

function choose(group) {
  const known = [...list.querySelectorAll(".filter")].some((one) => one.dataset.group === group);
  only = known ? group : "";
  for (const filter of list.querySelectorAll(".filter")) {
    filter.setAttribute("aria-pressed", String(filter.dataset.group === only));
  }
  for (const remark of list.querySelectorAll(".remark")) {
    remark.hidden = only !== "" && remark.dataset.group !== only;
  }
}
