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

  // What was handed in needs no copy on this device any more.
  for (const receipt of document.querySelectorAll("[data-draft-sent]")) {
    localStorage.removeItem(`draft:${receipt.dataset.draftSent}`);
  }

  // Printing is one click where a print button is shown.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
