// Fields speak the page's language: the file that was chosen by its name, a field left blank in our words.
document.addEventListener("change", ({ target }) => {
  const words = target.type === "file" && target.parentElement.querySelector("[data-file]");
  if (words && target.files.length > 0) words.textContent = [...target.files].map((file) => file.name).join(", ");
});

document.addEventListener("invalid", ({ target }) => {
  if (target.validity.valueMissing) target.setCustomValidity(document.body.dataset.missing);
}, true);

document.addEventListener("input", ({ target }) => target.setCustomValidity?.(""), true);
