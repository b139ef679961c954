// Asks the preview to do something: JSON there, JSON back.

export const base = document.body.dataset.base;

export async function ask(path, body = {}) {
  let answer;
  try {
    answer = await fetch(`${path.startsWith("/") ? "" : `${base}/`}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw { message: "The preview has stopped", hint: "Start newsletter preview again." };
  }
  if (answer.ok) return answer.json();
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  throw isJson ? await answer.json() : { message: "The preview refused that", hint: "" };
}

export function sentence({ message, hint }) {
  const said = message.charAt(0).toUpperCase() + message.slice(1);
  return `${said.replace(/\.$/, "")}. ${hint ?? ""}`.trim();
}
