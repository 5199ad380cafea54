// A button beside each citation that copies it. Where the browser lets no page copy, it selects it.
"use strict";

const copied = document.getElementById("copied");

const select = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
};

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const citation = document.getElementById(button.dataset.copies);
    select(citation);
    try {
      await navigator.clipboard.writeText(citation.textContent);
      copied.textContent = "The citation is copied.";
    } catch {
      copied.textContent = "The citation is selected: copy it with the keys of your browser.";
    }
    copied.classList.remove("vh");
  });
}
