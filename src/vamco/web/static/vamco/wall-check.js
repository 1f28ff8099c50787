// The page measures itself: the smallest letters shown, as an angle at the farthest reader's eye.
const said = document.body.dataset;
const LEAST = Number(said.least);
const TOLERANCE = 0.1; // arc-minutes that rounding to pixels may take
const capitals = new Map();

export function arcMinutes() {
  const millimetres = Number(said.widthMm) / window.innerWidth;
  const distance = Number(said.distanceM) * 1000;
  const smallest = Math.min(...[...shownSizes()].map((size) => size * capitalOf()));
  return (Math.atan((smallest * millimetres) / distance) * 180 * 60) / Math.PI;
}

// The sentence for the foot of the wall: only when letters are too small, or when somebody asks for it.
export function check(isAsked) {
  if (window.innerWidth < 900) return "";
  const angle = arcMinutes();
  const shown = angle.toFixed(1).replace(".", document.documentElement.lang === "en" ? "." : ",");
  if (angle < LEAST - TOLERANCE) return said.small.replace("#", shown);
  return isAsked ? said.largeEnough.replace("#", shown) : "";
}

function* shownSizes() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const owner = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && owner.checkVisibility()) yield parseFloat(getComputedStyle(owner).fontSize);
  }
}

// Height of a capital or a digit in the font that is really there, in sizes of the letter.
function capitalOf() {
  const font = getComputedStyle(document.body).fontFamily;
  if (!capitals.has(font) || document.fonts.status !== "loaded") {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `100px ${font}`;
    capitals.set(font, Math.min(...["H", "1"].map((sign) => pen.measureText(sign).actualBoundingBoxAscent)) / 100);
  }
  return capitals.get(font);
}
