// The wall lives by asking: it keeps what it knows, says how old that is, and blanks what is no longer true.
import { check } from "./wall-check.js";

const DIMS_AFTER = 30_000; // without an answer, in milliseconds
const BLANKS_AFTER = 15 * 60_000;
const CLOSED_BLANKS_AFTER = 2 * 60_000; // after the screen's key or session has ended
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

const said = document.body.dataset;
const asked = new URLSearchParams(window.location.search);
const scenes = [...document.querySelectorAll("[data-scene]")];
const $ = (id) => document.getElementById(id);
const say = (words, number) => words.replace("#", number);

const wall = { etag: null, madeAt: "", heardAt: 0, failures: 0, closedAt: 0, skew: 0, maps: [], step: 0, page: 0, pinned: false, turnsAt: 0 };

function size() {
  const share = Number(document.documentElement.dataset.share);
  document.documentElement.style.fontSize = window.innerWidth < 900 ? "" : `${share * window.innerWidth}px`;
}

// --- asking

async function ask() {
  let pause = Math.min(FIRST_PAUSE * 2 ** wall.failures, LONGEST_PAUSE);
  try {
    const headers = { Accept: "application/json", ...(wall.etag && { "If-None-Match": wall.etag }) };
    const response = await fetch(said.snapshot + window.location.search, { headers, cache: "no-store", signal: AbortSignal.timeout(20_000) });
    pause = await take(response, pause);
  } catch {
    wall.failures += 1;
  }
  tick();
  setTimeout(ask, pause * (0.9 + 0.2 * Math.random()));
}

async function take(response, pause) {
  if (response.status === 401 || response.status === 403) {
    wall.closedAt ||= Date.now();
    return LONGEST_PAUSE;
  }
  if (response.status !== 200 && response.status !== 304) throw new Error(response.status);
  if (response.status === 200) show(await response.json(), response.headers.get("ETag"));
  wall.heardAt = Date.now();
  wall.skew = Date.parse(response.headers.get("Date")) - Date.now() || 0;
  wall.failures = wall.closedAt = 0;
  return Number(response.headers.get("Vamco-Ask-Again") || pause / 1000) * 1000;
}

function show(snapshot, etag) {
  if (snapshot.made_at < wall.madeAt) return; // another process that has not read as far
  Object.assign(wall, { etag, madeAt: snapshot.made_at, maps: asked.get("map") ? [asked.get("map")] : snapshot.maps });
  $("band").hidden = !snapshot.is_simulated;
  for (const scene of scenes) {
    if (!scene.querySelector("[data-map]") || !wall.maps.length) replace(scene, snapshot.scenes[scene.dataset.scene]);
  }
  if ($("wait")) $("wait").remove();
  turnTo(wall.step, wall.page);
}

function replace(scene, html) {
  const before = new Map([...scene.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one.textContent]));
  scene.innerHTML = html;
  for (const one of scene.querySelectorAll("[data-key]")) {
    if (before.has(one.dataset.key) && before.get(one.dataset.key) !== one.textContent) one.classList.add("fresh");
  }
}

// --- scenes

async function turnTo(step, page) {
  const scene = scenes[step];
  const isOther = scene.hidden;
  for (const one of scenes) one.hidden = one !== scene;
  const n = scene.dataset.scene === "map" ? Math.max(wall.maps.length, 1) : paged(scene, page);
  Object.assign(wall, { step, page: Math.min(page, n - 1), nPages: n });
  if (isOther) wall.turnsAt = Date.now() + Number(said.seconds) * 1000;
  $("title").textContent = scene.dataset.title;
  $("page").textContent = n > 1 ? say(said.page, `${wall.page + 1}/${n}`) : "";
  doors();
  tick();
  if (scene.dataset.scene === "map" && wall.maps.length) {
    try {
      const { draw } = await import("./wall-map.js");
      await draw(scene, wall.maps[wall.page], asked.get("on"), asked.get("period"), wall.etag);
    } catch {
      wall.etag = null; // the server is away: ask for everything again, and draw then
    }
  }
}

// As many rows as fit are one page; nothing on a wall scrolls.
function paged(scene, page) {
  const list = scene.querySelector("[data-pages]");
  if (!list || window.innerWidth < 900) return 1;
  const rows = [...list.children];
  for (const row of rows) row.hidden = false;
  const pages = [[]];
  const floor = list.getBoundingClientRect().top + list.clientHeight + 1;
  let shift = 0;
  for (const row of rows) {
    const box = row.getBoundingClientRect();
    if (pages.at(-1).length && box.bottom - shift > floor) {
      shift = box.top - list.getBoundingClientRect().top;
      pages.push([]);
    }
    pages.at(-1).push(row);
  }
  const shown = new Set(pages[Math.min(page, pages.length - 1)]);
  for (const row of rows) row.hidden = !shown.has(row);
  return pages.length;
}

function turn(by) {
  const page = wall.page + by;
  wall.turnsAt = Date.now() + Number(said.seconds) * 1000;
  if (page >= 0 && page < wall.nPages) return turnTo(wall.step, page);
  return turnTo((wall.step + by + scenes.length) % scenes.length, 0);
}

function doors() {
  $("doors").replaceChildren(...scenes.map((scene, place) => {
    const door = document.createElement("button");
    door.textContent = `${place + 1} ${scene.dataset.title}`;
    door.addEventListener("click", () => pinTo(place));
    if (place === wall.step) door.setAttribute("aria-current", "true");
    const line = document.createElement("li");
    line.append(door);
    return line;
  }));
}

function pinTo(place) {
  wall.pinned = true;
  turnTo(place, 0);
}

window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = Number(event.key) - 1;
  if (scenes[place]) pinTo(place);
  else if (event.key === " ") wall.pinned = !wall.pinned;
  else if (event.key === "ArrowRight") turn(+1);
  else if (event.key === "ArrowLeft") turn(-1);
  else if (event.key === "f") document.documentElement.requestFullscreen?.();
  else return;
  event.preventDefault();
  tick();
});

// --- the clock, and how old everything is

const inProvince = (options) => new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour12: false, ...options });
const CLOCK = inProvince({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = inProvince({ weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" });
const DAY_EN = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", weekday: "long", day: "numeric", month: "short", year: "numeric" });

function tick() {
  const now = Date.now() + wall.skew;
  $("clock").textContent = CLOCK.format(now);
  $("date").textContent = (document.documentElement.lang === "en" ? DAY_EN : DAY).format(now);
  for (const one of document.querySelectorAll("[data-age]")) one.textContent = age(now - Date.parse(one.dataset.age));
  for (const one of document.querySelectorAll("[data-dims]")) {
    one.classList.toggle("is-past", now >= Date.parse(one.dataset.dims));
    one.classList.toggle("is-gone", now >= Date.parse(one.dataset.blanks));
  }
  tellLink(now);
  $("foot").textContent = [wall.pinned ? said.pinned : said.turning, check(asked.has("check"))].filter(Boolean).join(" · ");
}

function tellLink(now) {
  const silence = wall.heardAt ? Date.now() - wall.heardAt : 0;
  const at = CLOCK.format(wall.heardAt + wall.skew);
  const isLost = Boolean(wall.closedAt) || silence > DIMS_AFTER;
  const isBlank = silence > (wall.closedAt ? CLOSED_BLANKS_AFTER : BLANKS_AFTER);
  document.body.classList.toggle("is-lost", isLost);
  document.body.classList.toggle("is-blank", isBlank);
  let words = wall.heardAt ? say(said.heard, Math.max(0, Math.round(silence / 1000))) : said.waiting;
  if (isLost) words = wall.closedAt ? said.closed : say(isBlank ? said.lostBlank : said.lost, at);
  // live regions speak once: seconds that pass are no news
  $("link").setAttribute("aria-live", isLost ? "polite" : "off");
  if ($("link").textContent !== words) $("link").textContent = words;
}

function age(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return said.ageNow;
  if (minutes < 60) return say(said.ageMinutes, minutes);
  if (minutes < 48 * 60) return say(said.ageHours, Math.floor(minutes / 60));
  return say(said.ageDays, Math.floor(minutes / 60 / 24));
}

function beat() {
  if (!wall.pinned && wall.turnsAt && Date.now() >= wall.turnsAt) turn(+1);
  tick();
}

const first = scenes.findIndex((scene) => scene.dataset.scene === asked.get("scene"));
if (first >= 0) Object.assign(wall, { step: first, pinned: true });
size();
window.addEventListener("resize", () => (size(), wall.madeAt && turnTo(wall.step, wall.page)));
document.fonts.addEventListener("loadingdone", () => wall.madeAt && turnTo(wall.step, wall.page)); // rows are other heights now
setInterval(beat, 1000);
ask();
