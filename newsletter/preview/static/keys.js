// Keys of the page. They are single letters, so they are off while somebody types.

const dialog = document.getElementById("keys-dialog");

export function listenToKeys(actions = {}) {
  const press = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const action = { "?": sheet, ...usual, ...actions }[event.key];
    if (!action) return;
    if (action(event) !== false) event.preventDefault();
  };
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => event.target.closest?.("#keys") && sheet());
  // A click beside a dialog closes it.
  document.addEventListener("click", ({ target }) => target.localName === "dialog" && target.close());
  return press;
}

const usual = {
  i: () => document.getElementById("go-issues")?.click(),
  o: () => document.getElementById("go-outbox")?.click(),
};

function sheet() {
  dialog.showModal();
}
