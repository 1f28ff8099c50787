// One incident under keys: the deeds that have a button, and the places to write.
const WRITE = { c: "comment-note", s: "shelve-note" };
const DEEDS = { a: "acknowledge", t: "take", r: "release", u: "unshelve" };

document.addEventListener("keydown", (event) => {
  const isElsewhere = event.target.closest("input, select, textarea, dialog, .plot-canvas");
  if (event.defaultPrevented || isElsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.getElementById(WRITE[event.key] ?? "");
  const button = DEEDS[event.key] ? document.querySelector(`[data-deed="${DEEDS[event.key]}"]`) : event.key === "d" ? document.querySelector("[data-direct]") : null;
  if (!field && !button) return;
  event.preventDefault();
  button?.click();
  const fold = field?.closest("details");
  if (fold) fold.open = true;
  field?.focus();
});

const said = document.querySelector("#said [role=alert]");
if (said) said.scrollIntoView({ block: "nearest" });
