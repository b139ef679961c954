// Editing a string of the issue where it stands in the letter.

import { ask, sentence } from "./ask.js";
import { boxOf, frames } from "./frames.js";
import { announce } from "./say.js";

const form = document.getElementById("edit");
const field = document.getElementById("edit-text");
const problem = document.getElementById("edit-problem");
let open = null; // { element, place, old, digest, body, back, refused }

export function isEditing() {
  return open !== null;
}

export function listenToEditing() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  document.getElementById("edit-cancel").addEventListener("click", close);
  field.addEventListener("input", fitField);
  field.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the page's keys are letters here
    if (event.key === "Escape") close();
    const saves = event.key === "Enter" && (event.ctrlKey || event.metaKey || !open?.body);
    if (saves && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  addEventListener("resize", put);
  document.addEventListener("scroll", put, { capture: true, passive: true });
  // What was typed and not saved must not be lost with the page.
  addEventListener("beforeunload", (event) => changed() && event.preventDefault());
}

export async function edit(element, place) {
  if (changed() || !place) return;
  const digest = document.body.dataset.file;
  try {
    const { text, body } = await ask(`${document.body.dataset.issue}/stretch`, { place, digest });
    open = { element, place, old: text, digest, body, back: element.id };
  } catch (error) {
    return say(error);
  }
  problem.hidden = true;
  field.value = open.old;
  document.getElementById("edit-help").textContent = open.body
    ? "Ctrl+Enter saves, Esc leaves it as it was. A blank line begins a paragraph."
    : "Enter saves, Esc leaves it as it was.";
  form.hidden = false;
  put();
  fitField();
  field.focus();
}

async function save() {
  if (!open) return;
  if (!changed()) return close();
  const { place, old } = open;
  // After a refusal the next attempt is made against what the page shows by then.
  const digest = open.refused ? document.body.dataset.file : open.digest;
  try {
    await ask(`${document.body.dataset.issue}/edit`, { place, digest, old, new: field.value });
    announce("Saved");
    close();
  } catch (error) {
    problem.textContent = sentence(error);
    problem.hidden = false;
    if (open) open.refused = true;
  }
}

function close() {
  const back = document.getElementById(open?.back) ?? frames()[0]?.closest(".stage");
  open = null;
  form.hidden = true;
  field.value = "";
  (back ?? document.getElementById("main")).focus({ preventScroll: true });
}

function changed() {
  return open !== null && field.value !== open.old;
}

async function say(error) {
  const { toast } = await import("./say.js");
  toast(sentence(error));
}

function put() {
  if (!open) return;
  // A new letter may have replaced the element; then the form stays where it is.
  if (open.element.isConnected) {
    const box = boxOf(open.element);
    const width = Math.min(Math.max(box.width + 24, 360), innerWidth - 16);
    form.style.width = `${width}px`;
    form.style.left = `${Math.min(Math.max(box.left - 12, 8), innerWidth - width - 8)}px`;
    form.style.top = `${Math.min(Math.max(box.top - 34, 8), innerHeight - form.offsetHeight - 8)}px`;
  }
}

function fitField() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.5)}px`;
  put();
}
