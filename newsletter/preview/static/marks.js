// Light on passages inside the frames: what changed, what a finding is about, what was chosen.
// The letter itself stays as it is; only these attributes and one style sheet are ours.

const STYLE = `
  [data-desk~="lit"] { outline: 2px solid #d9822b !important; outline-offset: 2px !important; }
  [data-desk~="chosen"] { outline: 2px solid #1a6fb5 !important; outline-offset: 2px !important; }
  [data-place] { cursor: default; }
  @keyframes desk-flash { from { background-color: rgb(255 214 102 / 75%); } }
  [data-desk~="flash"] { animation: desk-flash 1.4s ease-out !important; }
  @media (prefers-reduced-motion: reduce) { [data-desk~="flash"] { animation-timing-function: steps(1, end) !important; } }
`;
const BLOCKS = "p, h1, h2, h3, h4, li, blockquote, figcaption, td, img";
const OURS = / data-(place|desk)[\w-]*="[^"]*"/g;
const MOST = 12; // more changes than these are another letter, and nothing is to be pointed at

const sheets = new WeakMap();

export function dress(frame) {
  const page = frame.contentDocument;
  if (sheets.has(page)) return;
  const sheet = new frame.contentWindow.CSSStyleSheet();
  sheet.replaceSync(STYLE);
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet];
  sheets.set(page, sheet);
}

// An element can have several lights at once: the words of its `data-desk`.
export function light(elements, word) {
  for (const element of elements) set(element, word, true);
}

export function dim(root, word) {
  for (const element of root.querySelectorAll(`[data-desk~="${word}"]`)) set(element, word, false);
}

function set(element, word, on) {
  const words = new Set((element.dataset.desk ?? "").split(" ").filter(Boolean));
  if (on) words.add(word);
  else words.delete(word);
  if (words.size) element.dataset.desk = [...words].join(" ");
  else delete element.dataset.desk;
}

// Flashes what the new version says and the one before did not.
export function flash(frame, before) {
  const known = new Set(leaves(before).map(saying));
  const fresh = leaves(frame.contentDocument.body).filter((element) => !known.has(saying(element)));
  if (!fresh.length || fresh.length > MOST) return;
  light(fresh, "flash");
  setTimeout(() => dim(frame.contentDocument, "flash"), 1500);
}

function leaves(root) {
  return [...root.querySelectorAll(BLOCKS)].filter((element) => !element.querySelector(BLOCKS));
}

// Without our own attributes: the letter before had its places by now, the new one has none yet.
function saying(element) {
  return element.localName === "img"
    ? `${element.getAttribute("src")}|${element.alt}`
    : element.innerHTML.replace(OURS, "").trim();
}
