// Send a proof by mail.

import { ask, sentence } from "./ask.js";

export function listenToProofs() {
  const dialog = document.getElementById("proof-dialog");
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#proof")) return;
    dialog.showModal();
    document.getElementById("proof-to").focus();
    known();
  });
  document.getElementById("proof-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(document.getElementById("proof-to").value);
  });
}

async function known(forget = "") {
  const list = document.getElementById("proof-known");
  const { addresses } = await ask("proof-addresses", { forget });
  const to = document.getElementById("proof-to");
  if (!to.value && addresses.length) to.value = addresses[0];
  list.replaceChildren(
    ...addresses.map((address) => {
      const item = document.createElement("li");
      const use = button(address, () => (to.value = address));
      const drop = button("×", () => known(address));
      drop.title = `Remember ${address} no more`;
      drop.setAttribute("aria-label", drop.title);
      drop.className = "small";
      item.append(use, " ", drop);
      return item;
    }),
  );
}

function button(text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

async function send(to) {
  const [problem, outcomes, submit] = ["proof-problem", "proof-outcomes", "proof-send"].map((id) =>
    document.getElementById(id),
  );
  problem.hidden = true;
  outcomes.replaceChildren();
  submit.disabled = true;
  submit.textContent = "Sending…";
  try {
    const answer = await ask(`${document.body.dataset.issue}/proof`, { to });
    outcomes.replaceChildren(...answer.outcomes.map((outcome) => said(outcome, answer.by)));
    known();
  } catch (error) {
    problem.textContent = sentence(error);
    problem.hidden = false;
  }
  submit.disabled = false;
  submit.textContent = "Send";
}

function said({ address, accepted, detail }, by) {
  const item = document.createElement("li");
  item.className = accepted ? "good" : "error";
  item.textContent = accepted ? `${address}: handed to ${by}` : `${address}: ${detail}`;
  return item;
}
