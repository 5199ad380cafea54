// Who types into the field of a choice has chosen it.
"use strict";

document.addEventListener("input", (event) => {
  const choice = document.getElementById(event.target.dataset.chooses ?? "");
  if (choice) choice.checked = true;
});
