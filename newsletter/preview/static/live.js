// Follows the server: what changed there is put in place here, and nothing else is touched.

const AGAIN = 500; // milliseconds between two attempts to reach a stopped server
const PATIENCE = 700; // milliseconds without it before the page says so

// Regions as the server last sent them; scripts may have changed the live ones since.
const sent = new Map(regions(document).map((region) => [region.id, region.innerHTML]));

function regions(root) {
  return [...root.querySelectorAll("[data-live]")];
}

export function follow({ onLetter, onSwap }) {
  let busy = false;
  let again = false;

  // Saves may come faster than pages are fetched: one fetch at a time, the last save counts.
  async function refresh() {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        await swap(onLetter, onSwap);
      }
    } catch {
      // The server went away in between; the stream notices and starts over.
    } finally {
      busy = false;
    }
  }

  connect(refresh);
}

function connect(refresh) {
  const stopped = document.getElementById("stopped");
  let worry;

  (function listen() {
    const events = new EventSource(document.body.dataset.events);
    events.addEventListener("open", () => {
      clearTimeout(worry);
      worry = undefined;
      stopped.hidden = true;
    });
    events.addEventListener("changed", (event) => {
      if (event.data !== document.body.dataset.digest) refresh();
    });
    events.addEventListener("error", () => {
      events.close();
      worry ??= setTimeout(() => (stopped.hidden = false), PATIENCE);
      setTimeout(listen, AGAIN);
    });
    // Chromium keeps at most six connections to a server: a page that is left must let go of its.
    addEventListener("pagehide", () => events.close(), { once: true });
  })();

  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

async function swap(onLetter, onSwap) {
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.body.dataset.digest) return location.reload();

  const wanted = regions(fresh);
  const same = wanted.map((region) => region.id).join() === [...sent.keys()].join();
  if (!same) return location.reload();

  const letterChanged = fresh.body.dataset.letter !== document.body.dataset.letter;
  const verdict = fresh.getElementById("verdict").textContent;
  if (verdict !== document.getElementById("verdict").textContent) {
    document.getElementById("said").textContent = verdict; // for those who listen to the page
  }
  const focused = document.activeElement?.id;
  let framesReplaced = false;
  for (const region of wanted) {
    const html = region.innerHTML;
    if (html === sent.get(region.id)) continue;
    const live = document.getElementById(region.id);
    framesReplaced ||= Boolean(live.querySelector("iframe") || region.querySelector("iframe"));
    const tops = [...live.querySelectorAll("[tabindex]")].map((pane) => pane.scrollTop);
    sent.set(region.id, html);
    live.replaceChildren(...document.importNode(region, true).childNodes);
    live.querySelectorAll("[tabindex]").forEach((pane, i) => (pane.scrollTop = tops[i] ?? 0));
  }
  document.title = fresh.title;
  document.body.dataset.digest = fresh.body.dataset.digest;
  document.body.dataset.letter = fresh.body.dataset.letter;
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  if (framesReplaced) onSwap();
  else if (letterChanged) await onLetter();
}
