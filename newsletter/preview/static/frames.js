// The frames that show a letter: as tall as the letter, so that the pane around them scrolls and a
// new version moves nothing; and scaled down together when the window is narrow.

const watched = new WeakSet();
const heights = new ResizeObserver(() => frames().forEach(grow));

function frames() {
  return [...document.querySelectorAll("iframe.frame")];
}

export function fit() {
  for (const frame of frames()) {
    if (watched.has(frame)) continue;
    watched.add(frame);
    frame.addEventListener("load", () => settle(frame));
    early(frame);
  }
  scale();
}

addEventListener("resize", scale);

// A picture on a slow host must not hold up the letter: do not wait for "load".
function early(frame) {
  const page = frame.contentDocument;
  if (!frame.isConnected || page === null) return;
  if (page.URL !== "about:blank" && page.readyState !== "loading") settle(frame);
  else setTimeout(early, 20, frame);
}

function settle(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  page.documentElement.style.overflowY = "hidden"; // the pane scrolls, not the frame
  tame(page);
  heights.observe(page.documentElement);
  grow(frame);
  restore(frame.closest(".pane"), page.readyState === "complete");
}

// A click may open a new tab; it never replaces the letter by somebody's web site.
function tame(page) {
  for (const link of page.querySelectorAll("a[href], area[href]")) {
    if (/^\s*#/.test(link.getAttribute("href"))) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

function grow(frame) {
  const root = frame.contentDocument?.documentElement;
  if (!root || frame.dataset.held) return;
  const across = root.scrollWidth > root.clientWidth ? 16 : 0; // room for a scroll bar below
  const height = Math.ceil(root.getBoundingClientRect().height) + across;
  if (height > 0 && frame.style.height !== `${height}px`) frame.style.height = `${height}px`;
  scale();
}

function scale() {
  for (const sheet of document.querySelectorAll(".sheet")) {
    const pane = sheet.closest(".pane");
    const room = pane.clientWidth - 2 * parseFloat(getComputedStyle(pane).paddingLeft);
    const factor = Math.min(1, Math.max(0.5, room / Number(pane.dataset.width)));
    const frame = sheet.firstElementChild;
    frame.style.transform = factor < 1 ? `scale(${factor})` : "";
    sheet.style.width = `${Number(pane.dataset.width) * factor}px`;
    sheet.style.height = `${frame.offsetHeight * factor}px`;
    const caption = pane.querySelector(".caption span");
    const percent = factor < 0.995 ? ` at ${Math.round(factor * 100)} %` : "";
    if (caption) caption.textContent = `${pane.dataset.width} px${percent}`;
  }
}

// Puts a new version of the letter into the frames that show it.
export async function reload() {
  const shown = frames();
  if (!shown.length) return;
  const answer = await fetch(shown[0].src);
  const html = await answer.text();
  await Promise.all(shown.map((frame) => replace(frame, html)));
}

async function replace(frame, html) {
  const page = frame.contentDocument;
  // Parsed in the frame's own realm: its policy allows the letter's style attributes, ours does not.
  const fresh = new frame.contentWindow.DOMParser().parseFromString(html, "text/html");
  if (fresh.compatMode !== page.compatMode) return void (frame.src = frame.src);
  frame.dataset.held = "yes"; // keep the height until the new pictures have theirs
  const kept = takePictures(page, fresh);
  heights.disconnect();
  const root = page.adoptNode(fresh.documentElement);
  kept.forEach(([placeholder, picture]) => placeholder.replaceWith(picture));
  page.replaceChild(root, page.documentElement);
  root.style.overflowY = "hidden";
  tame(page);
  const loading = [...page.images].filter((image) => !image.complete);
  const loaded = Promise.all(loading.map((image) => image.decode().catch(() => {})));
  await Promise.race([loaded, new Promise((done) => setTimeout(done, 1000))]);
  delete frame.dataset.held;
  frames().forEach((each) => heights.observe(each.contentDocument.documentElement));
  grow(frame);
}

// A picture that is shown already is moved over, not loaded again: no flicker, no jump. It waits
// while the new document is adopted, since an adopted picture loads anew.
function takePictures(page, fresh) {
  const shown = new Map([...page.images].map((image) => [image.getAttribute("src"), image]));
  const kept = [];
  for (const image of [...fresh.images]) {
    const source = image.getAttribute("src");
    const old = shown.get(source);
    if (!old?.complete || !old.naturalWidth) continue;
    shown.delete(source);
    for (const { name } of [...old.attributes]) if (name !== "src") old.removeAttribute(name);
    for (const { name, value } of image.attributes) if (name !== "src") old.setAttribute(name, value);
    const placeholder = fresh.createElement("i");
    image.replaceWith(placeholder);
    kept.push([placeholder, old]);
  }
  return kept;
}

// The place in a pane survives a reload and a visit to another tab.
export function rememberScroll() {
  document.addEventListener(
    "scroll",
    ({ target }) => target.id && sessionStorage.setItem(place(target), target.scrollTop),
    { capture: true, passive: true },
  );
}

function restore(pane, whole) {
  pane.dataset.top ??= sessionStorage.getItem(place(pane)) ?? "";
  if (pane.dataset.top) pane.scrollTop = Number(pane.dataset.top);
  if (whole) pane.dataset.top = ""; // from now on the editor scrolls
}

function place(pane) {
  return `${location.pathname}#${pane.id}`;
}
