// Short words to the editor: a line that goes by itself, and one for those who listen to the page.

let timer;

export function toast(text) {
  const line = document.getElementById("toast");
  line.textContent = text;
  line.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (line.hidden = true), Math.max(3500, text.length * 70));
}

export function announce(text) {
  document.getElementById("said").textContent = text;
}
