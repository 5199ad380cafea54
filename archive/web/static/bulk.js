// Many answers at once: the button says how many are ticked and at which level, and 1 to 8 choose the level.
"use strict";

(() => {
  const form = document.getElementById("bulk"), button = document.getElementById("bulk-do");
  if (!form || !button) return;

  const ticked = () => form.querySelectorAll("input[name=answer]:checked").length;
  const level = () => form.querySelector("input[name=level]:checked");

  function say() {
    const number = ticked(), words = number === 1 ? button.dataset.one : button.dataset.many.replace("%d", number.toLocaleString("en"));
    button.textContent = words + (level() ? ` ${level().dataset.badge}` : "");
    button.disabled = number === 0;
    return button.textContent;
  }

  form.addEventListener("change", () => { document.getElementById("bulk-said").textContent = say(); });
  form.addEventListener("submit", (event) => {
    if (event.submitter !== button) return;
    document.getElementById("bulk-said").textContent = "Storing. It takes a few seconds.";
    setTimeout(() => { button.disabled = true; }, 0); // after the form has gone out
  });
  window.addEventListener("pageshow", say);
  for (const key of form.querySelectorAll("kbd[hidden]")) key.hidden = false;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    const radio = /^[1-8]$/.test(event.key) && form.querySelectorAll("input[name=level]")[Number(event.key) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    form.dispatchEvent(new Event("change"));
  });
})();
