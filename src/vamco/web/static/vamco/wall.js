// A wall renews itself every minute; when the server is silent it says since when the figures are old.
const EVERY = 60_000;

async function renew() {
  try {
    const response = await fetch(window.location.href);
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
  } catch {
    document.querySelector(".lost").hidden = false;
  }
  setTimeout(renew, EVERY);
}

setTimeout(renew, EVERY);
