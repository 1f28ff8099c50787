// Fills the sections of a service one after the other; until then each is a link that opens it alone.
import { drawAll } from "./charts.js";

async function fill(place) {
  try {
    const response = await fetch(place.dataset.section);
    if (!response.ok) return;
    place.innerHTML = await response.text();
    place.classList.remove("waiting-section");
    drawAll(place);
  } catch {
    // the network is away: the link stays
  }
}

for (const place of document.querySelectorAll("[data-section]")) await fill(place);
