// The practice: each key presses the control that it is written on. Without it, the same buttons and links do the same.
"use strict";

(() => {
  let gone = false; // one key is enough: the page is on its way

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    if (document.querySelector("#keys:popover-open") && event.key !== "?") return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return; // it presses that
    if (event.key.toLowerCase() === "g") return openGuideline(event);
    const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control || gone) return;
    event.preventDefault();
    gone = event.key !== "?";
    control.click();
  });

  window.addEventListener("pageshow", () => { gone = false; }); // by the browser's way back, too

  function openGuideline(event) {
    const fold = document.getElementById("guideline");
    if (!fold) return;
    event.preventDefault();
    fold.open = !fold.open;
    fold.querySelector("summary").focus();
  }
})();
