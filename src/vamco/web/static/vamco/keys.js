// Keyboard: `/` search, `g` and a letter go, `j` `k` move through rows, `?` help. Never while somebody types.
const help = document.getElementById("keys");
let going = false;

const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row.classList.contains("is-here"));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  rows[here]?.classList.remove("is-here");
  next.classList.add("is-here");
  next.querySelector("a, button")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function go(key) {
  const door = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (door) window.location.assign(door.href);
}

const acts = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => help.showModal(),
  j: () => move(1),
  k: () => move(-1),
  g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help.open) return;
  const wasGoing = going;
  going = false;
  if (wasGoing) { event.preventDefault(); go(event.key); return; }
  const act = acts[event.key];
  if (act) { event.preventDefault(); act(); }
});

document.querySelector("[data-open-keys]")?.addEventListener("click", () => help.showModal());
for (const menu of document.querySelectorAll("select[data-submits]")) {
  menu.addEventListener("change", () => menu.form.requestSubmit());
}
