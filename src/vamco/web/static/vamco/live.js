// A region that fills itself in: asks its address again until the server says that nothing more will come.
const region = document.querySelector("[data-live]");
const PATIENCE = [1000, 1000, 2000, 3000, 5000];

async function ask(round, tag) {
  const headers = tag ? { "If-None-Match": tag } : {};
  let response;
  try {
    response = await fetch(region.dataset.live, { headers });
  } catch {
    return again(round, tag); // the network is away for a moment; what is shown stays
  }
  if (response.status === 200) show(await response.text());
  if (response.headers.get("Vamco-Final") === "yes") return finish();
  if (response.status < 400 || response.status >= 500) again(round, response.headers.get("ETag"));
}

const again = (round, tag) => setTimeout(ask, PATIENCE[Math.min(round, PATIENCE.length - 1)], round + 1, tag);

function show(html) {
  region.innerHTML = html;
  region.classList.remove("fresh");
  void region.offsetWidth; // restarts the fade
  region.classList.add("fresh");
}

function finish() {
  if (region.dataset.then) window.location.replace(region.dataset.then);
}

if (region) again(0, null);
