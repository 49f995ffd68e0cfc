// Arrow keys walk from bar to bar: left and right along a machine, up and down to the nearest in time.
const board = document.querySelector(".board");

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.left + box.width / 2;
}

function target(link, key) {
  const lane = link.closest(".lane");
  const own = [...lane.querySelectorAll("a")];
  if (key === "ArrowLeft") return own[own.indexOf(link) - 1];
  if (key === "ArrowRight") return own[own.indexOf(link) + 1];
  const lanes = [...board.querySelectorAll(".lane")].filter((other) => other === lane || other.querySelector("a"));
  const next = lanes[lanes.indexOf(lane) + (key === "ArrowUp" ? -1 : 1)];
  if (!next) return undefined;
  const here = middle(link);
  return [...next.querySelectorAll("a")].sort((a, b) => Math.abs(middle(a) - here) - Math.abs(middle(b) - here))[0];
}

board?.addEventListener("keydown", (event) => {
  if (!event.key.startsWith("Arrow")) return;
  const link = document.activeElement.closest?.(".lane a");
  const next = link ? target(link, event.key) : board.querySelector(".lane a");
  if (!next || (!link && document.activeElement !== board)) return;
  event.preventDefault();
  next.focus();
});
