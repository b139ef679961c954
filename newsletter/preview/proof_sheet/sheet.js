// Each frame as high as the letter in it. Without this, they scroll.
const frames = [...document.querySelectorAll("iframe")];

function grow(frame) {
  const letter = frame.contentDocument;
  if (!letter || !letter.body) return;
  frame.style.height = "0";
  const height = Math.max(letter.documentElement.scrollHeight, letter.body.scrollHeight);
  const whole = `${Math.min(height, 60000)}px`;
  frame.style.height = whole;
  frame.parentElement.style.setProperty("--height", whole);
  frame.classList.add("whole");
}

for (const frame of frames) {
  frame.addEventListener("load", () => grow(frame));
  grow(frame);
}
