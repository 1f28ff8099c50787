// Shows how much of the file has gone; without this script the form is sent in the ordinary way.
let form, bar, words;

function hook() {
  form = document.querySelector("form[data-upload]");
  bar = form?.querySelector("progress");
  words = form?.querySelector("[data-upload-words]");
  form?.addEventListener("submit", send);
  const chosen = form?.elements.contract;
  chosen?.addEventListener("change", () => hint(chosen.value));
  if (chosen) hint(chosen.value);
}

// How periods of the chosen dataset are written.
function hint(contract) {
  for (const each of form.querySelectorAll("[data-hint-of]")) each.hidden = each.dataset.hintOf !== contract;
}

function send(event) {
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (step) => tell(step.loaded, step.total));
  request.addEventListener("load", () => arrive(request));
  request.addEventListener("error", () => { words.textContent = words.dataset.failed; unlock(); });
  form.querySelector("button[type=submit]").disabled = true;
  bar.parentElement.hidden = false;
  request.send(new FormData(form));
}

function tell(loaded, total) {
  bar.max = total;
  bar.value = loaded;
  words.textContent = loaded < total ? `${words.dataset.sending} ${Math.floor((100 * loaded) / total)} %` : words.dataset.sent;
}

function arrive(request) {
  if (request.responseURL !== form.action) return window.location.assign(request.responseURL);
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  document.querySelector("main").replaceWith(answer.querySelector("main"));
  hook();
}

function unlock() {
  form.querySelector("button[type=submit]").disabled = false;
}

hook();
