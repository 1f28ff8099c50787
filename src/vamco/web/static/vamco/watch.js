// The desk lives by asking: new incidents come in without moving what somebody reads or types.
import { drawMap } from "./watch-map.js";

const PAUSE = 5000;
const LONGEST_PAUSE = 30_000;
const LOST_AFTER = 20_000; // without an answer, in milliseconds
const DEEDS = { a: "acknowledge", t: "take", r: "release", u: "unshelve" };
const PANELS = { s: "shelve", c: "comment" };

const $ = (id) => document.getElementById(id);
const place = $("queue");
const csrf = document.querySelector("#deeds [name=csrfmiddlewaretoken]").value;
const desk = { etag: place.dataset.tag, heardAt: Date.now(), failures: 0, title: document.title };

// --- asking

async function ask() {
  try {
    const response = await fetch(place.dataset.queue, { headers: { "If-None-Match": desk.etag }, cache: "no-store", signal: AbortSignal.timeout(15_000) });
    if (response.redirected || response.status === 401 || response.status === 403) return closed();
    if (response.status !== 200 && response.status !== 304) throw new Error(response.status);
    desk.heardAt = Date.now();
    desk.failures = 0;
    if (response.status === 200) take(await response.text(), response.headers.get("ETag"));
  } catch {
    desk.failures += 1;
  }
  tick();
  setTimeout(ask, Math.min(PAUSE * 2 ** desk.failures, LONGEST_PAUSE) * (0.9 + 0.2 * Math.random()));
  return undefined;
}

function closed() {
  $("link").textContent = $("link").dataset.closed;
  $("link").classList.add("is-lost");
}

function take(html, etag) {
  const fresh = new DOMParser().parseFromString(`<div>${html}</div>`, "text/html").body.firstElementChild;
  const known = new Set(rows().map((row) => row.id));
  const news = [...fresh.querySelectorAll('[data-list="waiting"] [data-incident]')].filter((row) => !known.has(row.id));
  steadily(() => morph(fresh));
  const table = fresh.querySelector("#places-next");
  if (table) $("places").replaceChildren(...table.childNodes);
  desk.etag = etag;
  announce(news);
  settle();
}

// What is under the eye stays there, whatever comes in above it; focus stays where it was.
function steadily(change) {
  const anchor = here() ?? rows().find((row) => row.getBoundingClientRect().bottom > 0);
  const before = anchor?.getBoundingClientRect().top;
  const focused = document.activeElement;
  const way = focused && place.contains(focused) ? { row: focused.closest("[data-incident]")?.id, deed: focused.dataset.deed ?? focused.dataset.panel } : null;
  change();
  const now = anchor && $(anchor.id);
  if (now && before !== undefined) window.scrollBy(0, now.getBoundingClientRect().top - before);
  if (way?.row && document.activeElement !== focused) {
    const row = $(way.row);
    const again = focused.isConnected ? focused : row?.querySelector(`[data-deed="${way.deed}"], [data-panel="${way.deed}"]`) ?? row?.querySelector("a");
    again?.focus({ preventScroll: true });
  }
}

// Rows that say the same stay as they are, and so do those that somebody writes in: a deed says which version it saw.
function morph(fresh) {
  const kept = new Map(rows().map((row) => [row.id, row]));
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.fold));
  for (const row of fresh.querySelectorAll("[data-incident]")) {
    const old = kept.get(row.id);
    if (old && (old.dataset.tag === row.dataset.tag || isWriting(old))) row.replaceWith(old);
  }
  const stillWritten = [...kept.values()].filter((old) => isWriting(old) && !fresh.querySelector(`#${old.id}`));
  (fresh.querySelector("[data-list]") ?? fresh).prepend(...stillWritten); // it is over, their words are not
  for (const fold of fresh.querySelectorAll("details")) fold.open = open.has(fold.dataset.fold);
  const hereId = here()?.id;
  place.replaceChildren(...[...fresh.childNodes].filter((node) => node.id !== "places-next"));
  if (hereId) $(hereId)?.classList.add("is-here");
}

const rows = () => [...place.querySelectorAll("[data-incident]")];
const here = () => place.querySelector(".is-here");
const isWriting = (row) => row.querySelector(".row-panel") !== null;

function announce(news) {
  if (!news.length) return;
  const words = $("announce");
  const titles = news.map((row) => [".badge", ".title", ".where"].map((part) => row.querySelector(part).textContent.trim()).join(", "));
  words.textContent = news.length === 1 ? words.dataset.one.replace("#", titles[0]) : `${words.dataset.many.replace("#", news.length)}: ${titles.slice(0, 3).join("; ")}`;
  for (const row of news) $(row.id)?.classList.add("fresh");
}

function settle() {
  const n = Number(place.querySelector("[data-waiting]")?.dataset.waiting ?? 0);
  document.title = n ? `(${n}) ${desk.title}` : desk.title;
  ages();
  drawMap(document.querySelector("[data-map]"), document.querySelector("[data-map-words]"), go);
}

function tick() {
  const isLost = Date.now() - desk.heardAt > LOST_AFTER;
  const link = $("link");
  if (isLost && !link.classList.contains("is-lost")) link.textContent = link.dataset.lost.replace("#", new Date(desk.heardAt).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" }));
  if (!isLost) link.textContent = "";
  link.classList.toggle("is-lost", isLost);
}

function ages() {
  const words = place.dataset.ages.split("|");
  for (const one of place.querySelectorAll("[data-age]")) {
    const minutes = Math.floor((Date.now() - Date.parse(one.dateTime)) / 60_000);
    const steps = [[1, 0, 1], [60, 1, 1], [48 * 60, 2, 60], [Infinity, 3, 24 * 60]];
    const [, place_, unit] = steps.find(([end]) => minutes < end);
    one.textContent = words[place_].replace("#", Math.floor(minutes / unit));
  }
}

// --- acting

async function post(address, fields, row) {
  const body = new URLSearchParams({ version: row.dataset.version, ...fields });
  let response;
  try {
    response = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf, "Vamco-Part": "row", Accept: "text/html" } });
  } catch {
    desk.heardAt = 0;
    return tick();
  }
  if (response.redirected) return closed();
  return renew(row, await response.text(), response.ok);
}

// The row as it stands now; what was typed stays when it was not taken.
function renew(row, html, isDone) {
  const fresh = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelector("[data-incident]");
  if (!fresh) return window.location.reload();
  const panel = row.querySelector(".row-panel");
  fresh.classList.toggle("is-here", row.classList.contains("is-here"));
  row.replaceWith(fresh);
  if (panel && !isDone) fresh.append(panel);
  const next = isDone ? fresh.querySelector("[data-deed], a") : fresh.querySelector("textarea") ?? fresh.querySelector("a");
  next?.focus({ preventScroll: true });
  return undefined;
}

function openPanel(link) {
  const row = link.closest("[data-incident]");
  row.querySelector(".row-panel")?.remove();
  const form = $(`panel-${link.dataset.panel}`).content.firstElementChild.cloneNode(true);
  form.action = link.dataset.action;
  const silence = form.querySelector("[data-silence]");
  if (silence) silence.href = `${silence.dataset.silence}?incident=${row.dataset.incident}`;
  row.append(form);
  form.querySelector("textarea").focus();
}

function go(id) {
  const row = $(`incident-${id}`);
  const fold = row?.closest("details");
  if (fold) fold.open = true;
  select(row);
}

function mark(row) {
  here()?.classList.remove("is-here");
  row.classList.add("is-here");
}

function select(row) {
  if (!row) return;
  mark(row);
  row.querySelector("a")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

place.addEventListener("click", (event) => {
  const deed = event.target.closest("[data-deed]");
  const panel = event.target.closest("[data-panel]");
  const row = event.target.closest("[data-incident]");
  if (deed) { event.preventDefault(); post(deed.getAttribute("formaction"), {}, row); }
  else if (panel && !event.ctrlKey && !event.metaKey) { event.preventDefault(); openPanel(panel); }
  else if (event.target.closest("[data-close]")) { row.querySelector(".row-panel").remove(); row.querySelector("a").focus(); }
  else if (row && row !== here()) mark(row);
});

place.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  post(form.action, Object.fromEntries(new FormData(form)), form.closest("[data-incident]"));
});

place.addEventListener("focusin", ({ target }) => {
  const row = target.closest("[data-incident]");
  if (row && row !== here()) mark(row);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".row-panel")) return event.target.closest("[data-incident]").querySelector("[data-close]").click();
  const isTyping = event.target.closest("input, select, textarea, dialog");
  if (event.defaultPrevented || isTyping || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const row = here();
  const wanted = row?.querySelector(DEEDS[event.key] ? `[data-deed="${DEEDS[event.key]}"]` : PANELS[event.key] ? `[data-panel="${PANELS[event.key]}"]` : event.key === "d" ? "[data-direct]" : "[data-none]");
  if (!wanted) return undefined;
  event.preventDefault();
  return wanted.click();
});

if (rows().length) mark(rows()[0]); // keys work from the first row on
settle();
setInterval(() => { ages(); tick(); }, 15_000);
setTimeout(ask, PAUSE);
