// Follows the server: what changed there is put in place here, and nothing else is touched.

import { base } from "./ask.js";
import { announce } from "./say.js";

const AGAIN = 500; // milliseconds between two attempts to reach the server
const PATIENCE = 700; // milliseconds without it before the page says so

// Regions as the server last sent them; scripts may have changed the live ones since.
const sent = new Map(regions(document).map((region) => [region.id, region.innerHTML]));

function regions(root) {
  return [...root.querySelectorAll("[data-live]")];
}

// `first` runs before the page is asked for (the letter comes first), `then` when regions changed.
export function follow({ first = async () => {}, then = () => {}, created = () => {} } = {}) {
  let busy = false;
  let again = false;

  // Saves may come faster than pages are fetched: one at a time, the last save counts.
  async function refresh({ fresh = false } = {}) {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        if (!fresh) await first();
        fresh = false;
        if (!again) await swap(then);
      }
    } catch {
      // The network changed, the server went away, or a frame was between two letters.
      setTimeout(() => refresh(), AGAIN);
    } finally {
      busy = false;
    }
  }

  connect(refresh, created);
  if ("checking" in document.body.dataset) refresh({ fresh: true }); // only findings are missing
  return refresh;
}

function connect(refresh, created) {
  const stopped = document.getElementById("stopped");
  let worry;

  (function listen() {
    const events = new EventSource(`${base}/events`);
    events.addEventListener("open", () => {
      clearTimeout(worry);
      worry = undefined;
      stopped.hidden = true;
    });
    events.addEventListener("changed", (event) => {
      if (event.data !== document.body.dataset.stamp) refresh();
    });
    events.addEventListener("created", (event) => created(event.data));
    events.addEventListener("error", async () => {
      events.close();
      worry ??= setTimeout(() => (stopped.hidden = false), PATIENCE);
      if (!(await resume())) setTimeout(listen, AGAIN);
    });
    // Chromium keeps at most six connections to a server: a page that is left must let go of its.
    addEventListener("pagehide", () => events.close(), { once: true });
  })();

  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

// Each run of the preview has addresses of its own; this page's key tells it the new ones.
async function resume() {
  try {
    const headers = { "Newsletter-Key": document.body.dataset.key };
    const answer = await fetch("/resume", { method: "POST", headers });
    const fresh = answer.ok ? await answer.text() : base;
    if (fresh === base) return false;
    location.replace(fresh + location.pathname.slice(base.length) + location.search);
    return true;
  } catch {
    return false;
  }
}

async function swap(then) {
  const answer = await fetch(location.href, { headers: { "Newsletter-Wait": "findings" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.body.dataset.stamp) return location.reload();

  const wanted = regions(fresh);
  const same = wanted.map((region) => region.id).join() === [...sent.keys()].join();
  if (!same) return location.reload();

  const verdict = fresh.getElementById("verdict")?.textContent;
  if (verdict && verdict !== document.getElementById("verdict")?.textContent) announce(verdict);
  const focused = document.activeElement?.id;
  for (const region of wanted) {
    const html = region.innerHTML;
    if (html === sent.get(region.id)) continue;
    const live = document.getElementById(region.id);
    const tops = [live, ...live.querySelectorAll("[tabindex]")].map((pane) => pane.scrollTop);
    sent.set(region.id, html);
    live.replaceChildren(...document.importNode(region, true).childNodes);
    [live, ...live.querySelectorAll("[tabindex]")].forEach((pane, i) => (pane.scrollTop = tops[i] ?? 0));
  }
  document.title = fresh.title;
  for (const name of Object.keys(document.body.dataset)) {
    if (!(name in fresh.body.dataset)) delete document.body.dataset[name];
  }
  Object.assign(document.body.dataset, fresh.body.dataset);
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  then();
}
