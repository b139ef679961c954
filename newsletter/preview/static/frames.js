// The frames that show a letter: as tall as the letter, so that the pane around them scrolls and a
// new version moves nothing; and scaled down together when the window is narrow.

import { base } from "./ask.js";
import { dress, flash } from "./marks.js";

const WAIT = 1000; // milliseconds that new pictures may take to have a height
const watched = new WeakSet();
const heights = new ResizeObserver(() => frames().forEach(grow));
const settled = [];

export function frames() {
  return [...document.querySelectorAll("iframe.frame")];
}

// Calls back with each frame whose letter is there, at first and after each new version.
export function onSettled(callback) {
  settled.push(callback);
  frames().filter((frame) => frame.dataset.settled).forEach(callback);
}

export function fit() {
  for (const frame of frames()) {
    if (watched.has(frame)) continue;
    watched.add(frame);
    // What the frame has fetched by itself is at least as new: it need not come a second time.
    if (frame.dataset.kind !== "web") frame.dataset.digest = document.body.dataset.letter;
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
  dress(frame);
  heights.observe(page.documentElement);
  grow(frame);
  restore(frame.closest(".stage"), page.readyState === "complete");
  frame.dataset.settled = "yes";
  settled.forEach((callback) => callback(frame));
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

// What is written moves what is read, so: the panes' shares, then all measures, then all sizes.
export function scale() {
  const sheets = [...document.querySelectorAll(".sheet")];
  for (const sheet of sheets) {
    const pane = sheet.closest(".pane");
    pane.style.flexGrow = pane.dataset.width;
  }
  const measured = sheets.map((sheet) => {
    const stage = sheet.closest(".stage");
    const frame = sheet.querySelector("iframe");
    const room = stage.clientWidth - 2 * parseFloat(getComputedStyle(stage).paddingLeft);
    return { sheet, frame, room, height: frame.offsetHeight };
  });
  for (const { sheet, frame, room, height } of measured) {
    const pane = sheet.closest(".pane");
    const width = Number(pane.dataset.width);
    const factor = Math.min(1, Math.max(0.5, room / width));
    frame.style.width = `${width}px`;
    frame.style.transform = factor < 1 ? `scale(${factor})` : "";
    frame.dataset.scale = factor;
    sheet.style.width = `${width * factor}px`;
    sheet.style.height = `${height * factor}px`;
    const said = pane.querySelector(".scale");
    if (said) said.textContent = factor < 0.995 ? `${Math.round(factor * 100)} %` : "";
  }
}

// Puts a new version of the letter into the frames that show it.
export async function reload() {
  const asked = new Map();
  await Promise.all(
    frames().map(async (frame) => {
      const address = frame.getAttribute("src");
      if (!asked.has(address)) asked.set(address, load(address));
      const { html, digest } = await asked.get(address);
      if (!html || digest === frame.dataset.digest) return;
      frame.dataset.digest = digest;
      await replace(frame, html);
    }),
  );
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) return {};
  return { html: await answer.text(), digest: answer.headers.get("Newsletter-Digest") };
}

async function replace(frame, html) {
  const page = frame.contentDocument;
  // Parsed in the frame's own realm: its policy allows the letter's style attributes, ours does not.
  const fresh = new frame.contentWindow.DOMParser().parseFromString(html, "text/html");
  // The web version names its own style sheet in a policy that only a new document heeds.
  const anew = fresh.compatMode !== page.compatMode || frame.dataset.kind === "web";
  if (anew) return void (frame.src = frame.src);
  frame.dataset.held = "yes"; // keep the height until the new pictures have theirs
  const before = page.body.cloneNode(true);
  const kept = takePictures(page, fresh);
  heights.unobserve(page.documentElement);
  const root = page.adoptNode(fresh.documentElement);
  kept.forEach(([placeholder, picture]) => placeholder.replaceWith(picture));
  page.replaceChild(root, page.documentElement);
  root.style.overflowY = "hidden";
  tame(page);
  flash(frame, before);
  const loading = [...page.images].filter((image) => !image.complete);
  const loaded = Promise.all(loading.map((image) => image.decode().catch(() => {})));
  if (loading.length) await Promise.race([loaded, new Promise((done) => setTimeout(done, WAIT))]);
  delete frame.dataset.held;
  heights.observe(page.documentElement);
  grow(frame);
  settled.forEach((callback) => callback(frame));
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

// The place in a pane survives a reload, a visit to another view, and another run of the preview.
export function rememberScroll() {
  document.addEventListener(
    "scroll",
    ({ target }) => target.id && sessionStorage.setItem(spot(target), target.scrollTop),
    { capture: true, passive: true },
  );
}

function restore(stage, whole) {
  stage.dataset.top ??= sessionStorage.getItem(spot(stage)) ?? "";
  if (stage.dataset.top) stage.scrollTop = Number(stage.dataset.top);
  if (whole) stage.dataset.top = ""; // from now on the editor scrolls
}

function spot(stage) {
  return `${location.pathname.slice(base.length)}#${stage.id}`;
}

// Where something inside a frame is in the window.
export function boxOf(element) {
  const frame = frames().find((one) => one.contentDocument === element.ownerDocument);
  if (!frame) return element.getBoundingClientRect();
  const outer = frame.getBoundingClientRect();
  const inner = element.getBoundingClientRect();
  const factor = Number(frame.dataset.scale) || 1;
  return new DOMRect(
    outer.left + inner.left * factor,
    outer.top + inner.top * factor,
    inner.width * factor,
    inner.height * factor,
  );
}

export function scrollTo(element, { block = "center" } = {}) {
  const frame = frames().find((one) => one.contentDocument === element.ownerDocument);
  const stage = frame?.closest(".stage");
  if (!stage) return element.scrollIntoView({ block: "nearest" });
  const box = boxOf(element);
  const outer = stage.getBoundingClientRect();
  const room = block === "start" ? 24 : Math.max(24, (outer.height - box.height) / 2);
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  stage.scrollBy({ top: box.top - outer.top - room, behavior: smooth ? "smooth" : "instant" });
}
