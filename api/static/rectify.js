// Enhancements only: every page works with this file absent.
(() => {
  "use strict";

  // A refused form: put the reader at the summary of what must change.
  document.querySelector("[data-focus]")?.focus();

  // A second click while the first is on its way does nothing (the server would also give the same receipt).
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => { delete form.dataset.sent; }, 8000);
  });

  // Drafts stay on this device until the form is accepted, so that a lost network loses nothing.
  const draftable = (field) => field.name && field.name !== "form_key" && !["file", "password", "hidden"].includes(field.type);

  const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);

  const store = (form) => {
    const fields = [...form.elements].filter(draftable);
    const values = fields.map((field) => [field.name, field.type === "radio" || field.type === "checkbox" ? field.value : "", valueOf(field)]);
    try { localStorage.setItem(`draft:${form.dataset.draft}`, JSON.stringify(values)); } catch { /* storage full or forbidden */ }
  };

  const restore = (form) => {
    const text = localStorage.getItem(`draft:${form.dataset.draft}`);
    if (!text || document.querySelector("[data-focus]")) return;
    let changed = false;
    for (const [name, choice, value] of JSON.parse(text)) {
      for (const field of [...form.elements].filter((one) => one.name === name && draftable(one))) {
        if (["checkbox", "radio"].includes(field.type)) {
          if (field.value === choice && field.checked !== value) { field.checked = value; changed = true; }
        } else if (field.value !== value) { field.value = value; changed = true; }
      }
    }
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = !changed;
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    try { restore(form); } catch { localStorage.removeItem(`draft:${form.dataset.draft}`); }
    form.addEventListener("input", () => store(form));
  }
  for (const receipt of document.querySelectorAll("[data-draft-sent]")) {
    localStorage.removeItem(`draft:${receipt.dataset.draftSent}`);
  }

  // Printing is one click where a print button is shown.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
