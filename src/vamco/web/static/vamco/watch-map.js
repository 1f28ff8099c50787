// Where the incidents are: the communes of the table beside it, coloured by the worst of theirs.
const drawn = { map: null, shapes: null, asked: null, go: null };
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export async function drawMap(box, words, go) {
  const places = new Map([...document.querySelectorAll("[data-places] [data-unit]")].map((row) => [row.dataset.unit, row.dataset]));
  drawn.go = go;
  words.textContent = places.size ? words.dataset.some.replace("#", places.size) : words.dataset.none;
  if (!document.createElement("canvas").getContext("webgl2")) return;
  try {
    drawn.asked ??= load(box);
    await drawn.asked;
  } catch {
    box.hidden = true; // the table says the same
    return;
  }
  if (places.size && !drawn.shapes.origin) words.textContent += ` ${words.dataset.schematic}`;
  const features = drawn.shapes.features.map((one) => ({ ...one, properties: { ...one.properties, ...at(places.get(one.properties.id)) } }));
  drawn.map.getSource("units").setData({ type: "FeatureCollection", features });
}

const at = (place) => ({ level: place?.level ?? "none", first: place?.first ?? 0 });

async function load(box) {
  const response = await fetch(box.dataset.shapes, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.status);
  drawn.shapes = await response.json();
  const { Map } = await import("../bundle/maplibre-gl.mjs");
  box.hidden = false;
  drawn.map = new Map({ container: box, style: style(), interactive: true, dragPan: false, scrollZoom: false, doubleClickZoom: false, boxZoom: false, dragRotate: false, touchZoomRotate: false, keyboard: false, attributionControl: false, fadeDuration: 0 });
  await drawn.map.once("load");
  drawn.map.getCanvas().setAttribute("aria-hidden", "true");
  drawn.map.getCanvas().removeAttribute("tabindex");
  drawn.map.fitBounds(boundsOf(drawn.shapes.features), { padding: 8, animate: false });
  drawn.map.on("click", "units", ({ features: [unit] }) => Number(unit.properties.first) && drawn.go(unit.properties.first));
}

function style() {
  const fill = ["match", ["get", "level"], "critical", colour("--critical"), "serious", colour("--serious"), "attention", colour("--attention"), "quiet", colour("--ink-faint"), colour("--map-ground")];
  return {
    version: 8,
    sources: { units: { type: "geojson", data: { type: "FeatureCollection", features: [] } } },
    layers: [
      { id: "units", type: "fill", source: "units", paint: { "fill-color": fill } },
      { id: "lines", type: "line", source: "units", paint: { "line-color": colour("--surface"), "line-width": 0.75 } },
    ],
  };
}

function boundsOf(features) {
  const points = features.flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)).flat(2);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}
