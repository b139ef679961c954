// Which passage of the issue file each element of the letter comes from.
//
// The letter in the frames is the one that is sent, without a trace of its making. The same letter
// with places is asked for apart, and its places are carried over: both have the same elements.

import { frames, onSettled } from "./frames.js";

const SOON = 200; // milliseconds after a new letter, so that showing it comes first
const ANYWHERE = /^data-place(-.*)?$/;

let timer;

export function findPlaces() {
  onSettled(() => {
    clearTimeout(timer);
    timer = setTimeout(carry, SOON);
  });
}

async function carry() {
  const shown = frames().filter((frame) => frame.dataset.kind !== "web");
  if (!shown.length) return;
  const address = shown[0].getAttribute("src").replace("letter.html", "marked.html");
  const html = await (await fetch(address)).text();
  // Parsed in a frame's realm, as in frames.js: our own policy would complain of each style.
  const page = new shown[0].contentWindow.DOMParser().parseFromString(html, "text/html");
  const source = [...page.body.getElementsByTagName("*")];
  for (const frame of shown) {
    const target = frame.contentDocument?.body?.getElementsByTagName("*") ?? [];
    const same =
      target.length === source.length &&
      source.every((element, i) => element.localName === target[i].localName);
    if (!same) continue; // a letter that was saved in between; the next one is on its way
    source.forEach((element, i) => {
      for (const { name, value } of element.attributes) {
        if (ANYWHERE.test(name)) target[i].setAttribute(name, value);
      }
    });
  }
}

// The element, in one frame, of a place or of the nearest thing around it.
export function elementAt(frame, place) {
  const page = frame.contentDocument;
  if (!page || !place) return null;
  const [way, offset] = split(place);
  for (let steps = way.split("."); steps.length; steps = steps.slice(0, -1)) {
    const found = at(page, steps.join("."), steps.join(".") === way ? offset : null);
    if (found) return found;
  }
  return null;
}

function at(page, way, offset) {
  let best = null;
  let nearest = -1;
  for (const element of page.querySelectorAll("[data-place], [data-place-alt], [data-place-href], [data-place-src]")) {
    for (const { name, value } of element.attributes) {
      if (!ANYWHERE.test(name)) continue;
      const [other, start] = split(value);
      if (other !== way && !(offset === null && other.startsWith(`${way}.`))) continue;
      if (offset === null) return element;
      if ((start ?? 0) <= offset && (start ?? 0) > nearest) {
        nearest = start ?? 0;
        best = element;
      }
    }
  }
  return best;
}

function split(place) {
  const [way, offset] = place.split(":");
  return [way, offset === undefined ? null : Number(offset)];
}

// The passage that something inside a frame belongs to.
export function passageOf(node) {
  const element = node.nodeType === 1 ? node : node.parentElement;
  return element?.closest("[data-place], [data-place-alt]") ?? null;
}

export function placeOf(element) {
  return element.dataset.place ?? element.dataset.placeAlt ?? "";
}
