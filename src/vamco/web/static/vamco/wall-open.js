// A key after # never leaves the browser by itself: it is put into the form, and the address is cleaned.
const key = window.location.hash.slice(1);
const form = document.querySelector("form");

if (key) {
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.key.value = key;
  form.submit();
}
