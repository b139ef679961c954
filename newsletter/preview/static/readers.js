// As this reader: a subscriber from the list, or somebody made up.

import { ask, sentence } from "./ask.js";
import { toast } from "./say.js";

const SOON = 150; // milliseconds after the last letter that is typed

export function listenToReaders() {
  const dialog = document.getElementById("reader-dialog");
  const search = document.getElementById("reader-search");
  let timer;
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#as-reader")) return;
    dialog.showModal();
    search.focus();
    look(search.value);
  });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, SOON, search.value);
  });
  document.getElementById("reader-form").addEventListener("submit", (event) => {
    event.preventDefault();
    go([...new FormData(event.target)]);
  });
  document.getElementById("reader-sample").addEventListener("click", () => go([]));
}

async function look(search) {
  const list = document.getElementById("reader-list");
  try {
    const { readers, more } = await ask("readers", { search });
    const rows = readers.map(row);
    if (!rows.length) rows.push(line(search ? "No subscriber has that name or address." : "There are no subscribers yet."));
    if (more) rows.push(line("There are more; type a few letters."));
    list.replaceChildren(...rows);
  } catch (error) {
    toast(sentence(error));
  }
}

// Names are text, whatever they look like.
function row({ id, name, email, status }) {
  const button = document.createElement("button");
  button.type = "button";
  const strong = document.createElement("bdi");
  strong.textContent = name || email;
  const rest = document.createElement("span");
  rest.textContent = [name && email, status !== "active" && status].filter(Boolean).join(", ");
  button.append(strong, " ", rest);
  button.addEventListener("click", () => go([["reader", id]]));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function line(text) {
  const item = document.createElement("li");
  item.className = "quiet";
  item.textContent = text;
  return item;
}

function go(pairs) {
  const query = new URLSearchParams(location.search);
  for (const name of [...query.keys()]) {
    if (name === "reader" || name.startsWith("with.")) query.delete(name);
  }
  for (const [name, value] of pairs) query.append(name, value);
  location.assign(`${location.pathname}?${query}`);
}
