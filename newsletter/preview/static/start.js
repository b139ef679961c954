// The start page: finds issues as one types, has unchecked ones checked, starts a new one.

import { ask, sentence } from "./ask.js";
import { takeDrafts } from "./drafts.js";
import { listenToKeys } from "./keys.js";
import { follow } from "./live.js";

const LATER = 1500; // milliseconds until the next attempt while somebody is writing
const FIRST = 500; // milliseconds until the first check: the page comes before it
const BETWEEN = 60; // milliseconds between two checks, for whatever else the preview has to do

const search = document.getElementById("search");
let index = null; // what each issue is found by, made when somebody looks for one
let checking = false;

// Finding

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function look(rows) {
  return [...rows].map((row) => {
    const subject = row.querySelector(".subject a").textContent;
    const parts = row.dataset.words.split("\n");
    return { row, subject: fold(subject), parts, folded: fold(parts.join("\n")) };
  });
}

function find() {
  const rows = document.querySelectorAll("#shelf tbody tr");
  const terms = fold(search.value).split(/\s+/).filter(Boolean);
  if (terms.length) index ??= look(rows);
  let shown = 0;
  for (const { row, subject, parts, folded } of index ?? []) {
    const all = `${subject}\n${folded}`;
    const fits = terms.every((term) => all.includes(term));
    const beside = fits && terms.find((term) => !subject.includes(term));
    const hit = beside && parts.slice(0, -2).find((part) => fold(part).includes(beside));
    const line = row.querySelector(".hit");
    row.hidden = !fits;
    line.hidden = !hit;
    line.textContent = hit || "";
    shown += fits;
  }
  const all = `${rows.length} issue${rows.length === 1 ? "" : "s"}`;
  document.getElementById("count").textContent = terms.length ? `${shown} of ${all}` : all;
  const nothing = document.getElementById("nothing");
  nothing.hidden = shown > 0 || !terms.length || !rows.length;
  nothing.textContent = `No issue has “${search.value.trim()}” in its subject, date or headlines.`;
}

// Checking: newest first, one at a time, only while the page is seen

async function check() {
  if (checking) return;
  checking = true;
  try {
    let row;
    while (!document.hidden && (row = next())) {
      const said = await ask("shelf/check", { name: row.dataset.name });
      if (!said.later) put(row, said);
      await new Promise((go) => setTimeout(go, said.later ? LATER : BETWEEN));
    }
  } catch {
    // The preview has stopped, or the issue has gone: the next change of the page goes on.
  } finally {
    checking = false;
  }
}

function next() {
  const open = "#shelf tr[data-open]";
  return document.querySelector(`${open}:not([hidden])`) ?? document.querySelector(open);
}

function put(row, { verdict, mood, state, note }) {
  const found = row.querySelector(".verdict");
  found.textContent = verdict;
  found.className = `verdict ${mood}`;
  const label = row.querySelector(".state b");
  label.textContent = capital(state);
  label.title = note;
  label.className = { "not ready": "held", "not finished": "unfinished" }[state] ?? state;
  delete row.dataset.open;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// A new issue

const dialog = document.getElementById("new-dialog");
const problem = document.getElementById("new-problem");

function start() {
  problem.hidden = true;
  dialog.showModal();
  document.getElementById("new-name").focus();
}

document.getElementById("new-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const { address } = await ask("shelf/new", { name: document.getElementById("new-name").value });
    location.assign(address);
  } catch (error) {
    problem.textContent = sentence(error);
    problem.hidden = false;
  }
});

// The page

const chooseDraft = takeDrafts();
const actions = { new: start, import: chooseDraft };

document.addEventListener("click", (event) => {
  actions[event.target.closest?.("[data-do]")?.dataset.do]?.();
});
listenToKeys({
  "/": () => {
    search.focus();
    search.select();
  },
  n: start,
  d: chooseDraft,
  j: () => step(1),
  k: () => step(-1),
});
search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    search.value = "";
    find();
    search.blur();
  } else if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    const links = shownLinks();
    if (event.key === "Enter" && links.length === 1) links[0].click();
    else links[0]?.focus();
  }
});
document.addEventListener("visibilitychange", check);

function shownLinks() {
  return [...document.querySelectorAll("#shelf tr:not([hidden]) .subject a")];
}

function step(by) {
  const links = shownLinks();
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function show() {
  index = null;
  find();
  setTimeout(check, FIRST);
}

show();
follow({ then: show });
