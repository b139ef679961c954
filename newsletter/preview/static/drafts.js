// A draft that is chosen or dropped on the page becomes an issue; what was understood is shown first.

import { base, sentence } from "./ask.js";

const element = (id) => document.getElementById(id);
const dialog = element("draft-dialog");
const largest = Number(document.body.dataset.largest);
let file; // kept until it was taken: its day may have to be chosen
let busy = false;

// Returns what opens the choice of a file.
export function takeDrafts() {
  const input = element("draft");
  input.addEventListener("change", () => {
    if (input.files.length) take([...input.files]);
    input.value = ""; // the same file may be chosen again
  });
  element("draft-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(element("draft-day").value);
  });
  listenToDrops();
  return () => input.click();
}

function listenToDrops() {
  const drop = element("drop");
  let depth = 0; // of the elements that the file is over
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const listen = (name, act) =>
    addEventListener(name, (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault(); // else the browser would leave the page and show the file
      act(event);
    });
  const let_go = () => {
    depth = 0;
    drop.hidden = true;
  };
  listen("dragenter", () => {
    depth += 1;
    drop.hidden = false;
  });
  listen("dragover", (event) => (event.dataTransfer.dropEffect = busy ? "none" : "copy"));
  listen("dragleave", () => {
    depth -= 1;
    if (depth <= 0) let_go();
  });
  listen("drop", (event) => {
    let_go();
    if (!busy) take([...event.dataTransfer.files]);
  });
}

function take(files) {
  file = files[0];
  clear(`Import ${file?.name ?? "a draft"}`);
  if (!dialog.open) dialog.showModal();
  if (files.length !== 1) refuse({ message: "One draft at a time", hint: "Drop a single file." });
  else if (file.size > largest) {
    const most = `The draft has more than ${largest / 1e6} MB`;
    refuse({ message: most, hint: "Take pictures out of it; nothing was imported." });
  } else send("");
}

function clear(title) {
  element("draft-title").textContent = title;
  element("draft-summary").textContent = "";
  for (const id of ["draft-problem", "draft-form", "draft-report", "draft-actions"]) {
    element(id).hidden = true;
  }
}

function refuse(error) {
  element("draft-problem").textContent = sentence(error);
  element("draft-problem").hidden = false;
}

async function send(day) {
  if (busy) return;
  busy = true;
  clear(`Import ${file.name}`);
  element("draft-summary").textContent = "Reading the draft…";
  try {
    const query = new URLSearchParams({ name: file.name, date: day });
    const answer = await fetch(`${base}/shelf/import?${query}`, { method: "POST", body: file });
    const said = await answer.json();
    element("draft-summary").textContent = "";
    if (answer.ok) report(said);
    else if (said.free) another(said);
    else refuse(said);
  } catch {
    element("draft-summary").textContent = "";
    refuse({ message: "The file could not be handed over", hint: "Is it a file, and the preview running?" });
  } finally {
    busy = false;
  }
}

function another(said) {
  refuse(said);
  element("draft-day").value = said.free;
  element("draft-form").hidden = false;
  element("draft-day").focus();
}

// Everything of the draft is put in as text: it is a stranger's.

function report(made) {
  const paragraphs = made.stories.reduce((sum, story) => sum + story.paragraphs, 0);
  const outside = made.outside ? ` and ${count(made.outside, "paragraph")} outside stories` : "";
  element("draft-title").textContent = `${file.name} is now the issue ${made.slug}`;
  element("draft-summary").textContent =
    `${count(made.bullets.length, "bullet")}, ${count(made.stories.length, "story", "stories")} of ` +
    `${count(paragraphs, "paragraph")}, ${count(made.pictures, "picture")}, ` +
    `${count(made.links, "link")}${outside}. What was left out or is not certain is named below.`;
  const parts = [part("Subject", list("plain", [line(made.subject)]))];
  if (made.bullets.length) {
    const said = ({ text, story }) => line(text, story ? `→ ${story}` : "→ no story");
    parts.push(part("Bullets", list("plain", made.bullets.map(said))));
  }
  if (made.stories.length) {
    const said = (story) => line(story.headline, count(story.paragraphs, "paragraph"));
    parts.push(part("Stories", list("plain", made.stories.map(said))));
  }
  const found = made.findings.map((finding) => {
    const entry = line(`${sentence(finding)}`);
    entry.className = finding.severity;
    entry.prepend(make("b", `${made.unit} ${finding.line.toLocaleString("en")}`, "where"));
    return entry;
  });
  const many = found.length ? count(found.length, "remark") : "No remarks";
  parts.push(part(many, list("remarks", found)));
  element("draft-report").replaceChildren(...parts);
  element("draft-report").hidden = false;
  element("draft-go").href = made.address;
  element("draft-actions").hidden = false;
  element("draft-title").focus();
}

function part(title, content) {
  const section = document.createElement("section");
  section.append(make("h3", title), content);
  return section;
}

function list(kind, entries) {
  const made = make("ol", "", kind);
  made.append(...entries);
  return made;
}

function line(text, more = "") {
  const entry = document.createElement("li");
  const said = make("span", text);
  said.dir = "auto";
  entry.append(said);
  if (more) entry.append(" ", make("span", more, "quiet"));
  return entry;
}

function make(name, text, kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
