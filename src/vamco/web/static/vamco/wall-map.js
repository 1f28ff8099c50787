// The province map on the wall: shapes of a day, coloured by the classes that the server says.
const said = document.body.dataset;
const N_CLASSES = 5;
const HATCH = 8; // pixels between two lines of the hatching

const drawn = { map: null, shapes: null, on: undefined, key: "", etags: new Map(), answers: new Map(), pins: [] };

export async function draw(scene, indicator, on, period, version) {
  const key = [indicator, on, period, version].join(" ");
  if (drawn.key === key) return drawn.map?.resize();
  const address = `${said.classes}?${query({ indicator, on, period })}${window.location.search.replace("?", "&")}`;
  const [shapes, classes] = await Promise.all([shapesOf(on), ask(address)]);
  drawn.key = key;
  tell(scene.querySelector("[data-side]"), classes, shapes);
  await paint(scene.querySelector("[data-map]"), shapes, classes);
}

const query = (wanted) => new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();

async function ask(address) {
  const tag = drawn.etags.get(address);
  const response = await fetch(address, { headers: { Accept: "application/json", ...(tag && { "If-None-Match": tag }) } });
  if (response.status === 304) return drawn.answers.get(address);
  if (!response.ok) throw new Error(response.status);
  const answer = await response.json();
  drawn.etags.set(address, response.headers.get("ETag"));
  drawn.answers.set(address, answer);
  return answer;
}

const shapesOf = (on) => ask(`${said.shapes}?${query({ on })}`);

// --- words

function tell(side, classes, shapes) {
  const legend = element("ol", { className: "map-legend" });
  const ofUnits = (n) => said.units.replace("#", n);
  for (const one of [...classes.legend].reverse()) {
    const place = step(one.class, classes);
    legend.append(row(`swatch step-${place}`, [one.words, one.rank].filter(Boolean).join(" · "), ofUnits(one.n_units)));
  }
  for (const one of classes.nothing) legend.append(row("swatch hatched", one.words, ofUnits(one.n_units)));
  const worst = element("ol", { className: "map-worst" });
  classes.worst.forEach((one, place) => worst.append(worstRow(one, place)));
  const notes = [said.asOf.replace("#", day(classes.map_on)), shapes.origin ? shapes.origin.source : said.schematic];
  if (classes.n_estimated) notes.push(said.estimated.replace("#", classes.n_estimated));
  side.replaceChildren(
    element("h2", { textContent: classes.title }),
    element("p", { className: "map-period", textContent: classes.period }),
    legend,
    ...(classes.worst.length ? [element("h3", { textContent: said.worst }), worst] : []),
    ...notes.map((words) => element("p", { className: "map-note", textContent: words })),
  );
}

function row(swatch, words, count) {
  const line = element("li");
  line.append(element("span", { className: swatch }), element("span", { textContent: words }), element("small", { textContent: count }));
  return line;
}

function worstRow(one, place) {
  const line = element("li", { className: one.level });
  line.append(
    element("span", { className: "pin", textContent: place + 1 }),
    element("span", { textContent: one.name }),
    element("b", { textContent: one.value }),
    element("small", { textContent: one.words }),
  );
  return line;
}

const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);
const day = (iso) => iso.split("-").reverse().join("/");

// The strongest colour is for the worse end.
function step(number, classes) {
  const n = Math.max(classes.legend.length, 1);
  const spread = n > 1 ? Math.round((number * (N_CLASSES - 1)) / (n - 1)) : N_CLASSES - 1;
  return classes.is_reversed ? N_CLASSES - 1 - spread : spread;
}

// --- drawing

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

async function paint(box, shapes, classes) {
  if (!drawn.map) {
    drawn.map = await made(box).catch(() => null);
    if (!drawn.map) return box.replaceChildren(element("p", { className: "map-note", textContent: said.noWebgl }));
  }
  const coloured = shapes.features.map((feature) => ({ ...feature, properties: { ...feature.properties, ...painted(feature, classes) } }));
  drawn.map.getSource("units").setData({ type: "FeatureCollection", features: coloured });
  drawn.map.resize();
  drawn.map.fitBounds(boundsOf(shapes.features), { padding: box.clientWidth * 0.02, animate: false });
  pin(shapes, classes);
}

function painted(feature, classes) {
  const unit = classes.units[feature.properties.id];
  return { step: unit?.class == null ? -1 : step(unit.class, classes), level: unit?.level ?? "quiet" };
}

async function made(box) {
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("webgl");
  document.head.append(element("link", { rel: "stylesheet", href: said.style }));
  const { Map, Marker } = await import("../bundle/maplibre-gl.mjs");
  drawn.Marker = Marker;
  const map = new Map({ container: box, style: style(), interactive: false, attributionControl: false, fadeDuration: 0 });
  await map.once("load");
  map.addImage("hatched", hatched(), { pixelRatio: 1 });
  map.addLayer({ id: "nothing", type: "fill", source: "units", filter: ["==", ["get", "step"], -1], paint: { "fill-pattern": "hatched" } }, "lines");
  map.getCanvas().setAttribute("aria-hidden", "true"); // the words beside it say the same
  map.getCanvas().removeAttribute("tabindex");
  return map;
}

function style() {
  const steps = [...Array(N_CLASSES).keys()].flatMap((place) => [place, colour(`--shade-${place}`)]);
  const bad = ["match", ["get", "level"], "critical", colour("--critical"), "serious", colour("--serious"), colour("--attention")];
  const thick = parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;
  return {
    version: 8,
    sources: { units: { type: "geojson", data: { type: "FeatureCollection", features: [] } } },
    layers: [
      { id: "classes", type: "fill", source: "units", filter: [">=", ["get", "step"], 0], paint: { "fill-color": ["match", ["get", "step"], ...steps, colour("--map-ground")] } },
      { id: "lines", type: "line", source: "units", paint: { "line-color": colour("--sunken"), "line-width": thick / 2 } },
      { id: "abnormal", type: "line", source: "units", filter: ["!=", ["get", "level"], "quiet"], paint: { "line-color": bad, "line-width": thick } },
    ],
  };
}

function hatched() {
  const pen = Object.assign(document.createElement("canvas"), { width: HATCH * 2, height: HATCH * 2 }).getContext("2d");
  pen.fillStyle = colour("--sunken");
  pen.fillRect(0, 0, HATCH * 2, HATCH * 2);
  pen.strokeStyle = colour("--line-strong");
  pen.lineWidth = 2;
  for (const start of [-HATCH * 2, -HATCH, 0, HATCH]) {
    pen.moveTo(start, HATCH * 2);
    pen.lineTo(start + HATCH * 2, 0);
  }
  pen.stroke();
  return pen.getImageData(0, 0, HATCH * 2, HATCH * 2);
}

function pin(shapes, classes) {
  for (const one of drawn.pins) one.remove();
  const found = new Map(shapes.features.map((feature) => [feature.properties.id, feature]));
  drawn.pins = classes.worst.filter((one) => found.has(one.unit_id)).map((one, place) => {
    const mark = element("span", { className: `pin on-map ${one.level}`, textContent: place + 1 });
    const [[west, south], [east, north]] = boundsOf([found.get(one.unit_id)]);
    return new drawn.Marker({ element: mark }).setLngLat([(west + east) / 2, (south + north) / 2]).addTo(drawn.map);
  });
}

function boundsOf(features) {
  const points = features.flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)).flat(2);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}
