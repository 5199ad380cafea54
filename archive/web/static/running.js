// An import, or the receiving of files, under way: brings its figures up to date, and loads the page anew when something else can be done with it.
"use strict";

(() => {
  const run = document.getElementById("run");
  if (!run) return;
  const every = 1000, said = 20000; // ms: between two questions, and between two sentences that are read out
  let spoken = Date.now(), failed = 0;

  // What is said aloud changes rarely; the rest, as often as it is asked for.
  function put(id, text) {
    const place = document.getElementById(id);
    if (!place || place.textContent === text) return;
    if (place.getAttribute("role") === "status") {
      if (Date.now() - spoken < said) return;
      spoken = Date.now();
    }
    place.textContent = text;
    place.hidden = !text;
  }

  async function ask() {
    try {
      const answer = await fetch(run.dataset.progress, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no figures");
      if (failed >= 3) spoken = 0;
      failed = 0;
      if (!show(await answer.json())) return;
    } catch {
      failed += 1;
      if (failed === 3) { spoken = 0; put("run-now", "The archive cannot be reached. The import goes on without this page."); }
    }
    setTimeout(ask, failed ? 5 * every : every);
  }

  // Whether there is more to come.
  function show(now) {
    if (now.may !== run.dataset.may) {
      if (now.may === "ended") location.assign(now.then);
      else location.reload();
      return false;
    }
    document.getElementById("bar").value = now.done_bytes;
    for (const [id, text] of Object.entries(now.texts)) put(id, text);
    for (const cell of run.querySelectorAll("[data-figure]")) cell.textContent = now.figures[cell.dataset.figure];
    document.title = document.title.replace(/^\d+/, now.percent);
    return now.may === "stop" || now.may === "stopping";
  }

  if (run.dataset.may === "stop" || run.dataset.may === "stopping") setTimeout(ask, every / 2);
})();
