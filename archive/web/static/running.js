// An import, or the receiving of files, under way: brings its figures up to date, and loads the page anew when something else can be done with it.
"use strict";

(() => {
  const run = document.getElementById("run");
  if (!run) return;
  const every = 1000, said = 20000, heard = 5000; // ms: between two questions, between two sentences that are read out, and for which each stands there
  const moves = (may) => ["stop", "stopping", "publishing", "rolling back"].includes(may);
  let spoken = Date.now(), failed = 0, forget;

  function put(id, text) {
    const place = document.getElementById(id);
    if (!place || place.textContent === text) return;
    place.textContent = text;
    place.hidden = !text;
  }

  // What is seen changes as often as it is asked for; what is read out, rarely. It does not stay: it would soon be untrue.
  function say(text, now) {
    if (!now && Date.now() - spoken < said) return;
    const place = document.getElementById("said");
    spoken = Date.now();
    place.textContent = text;
    clearTimeout(forget);
    forget = setTimeout(() => { place.textContent = ""; }, heard);
  }

  async function ask() {
    try {
      const answer = await fetch(run.dataset.progress, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no figures");
      failed = 0;
      if (!show(await answer.json())) return;
    } catch {
      failed += 1;
      if (failed === 3) {
        put("run-now", "The archive cannot be reached: what stands here was so a moment ago. If it was ended, it goes on from there when it is started again.");
        put("label", "Not known at the moment");
        say(document.getElementById("run-now").textContent, true);
      }
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
    const bar = document.getElementById("bar");
    if (bar.position >= 0) bar.value = now.done_bytes; // of a change nobody knows how far it is
    for (const [id, text] of Object.entries(now.texts)) put(id, text);
    const place = document.getElementById("said");
    if (place.textContent !== now.texts["run-now"]) place.textContent = ""; // who reads the page would find both
    say(now.texts["run-now"], now.course !== run.dataset.course);
    run.dataset.course = now.course;
    for (const cell of run.querySelectorAll("[data-figure]")) cell.textContent = now.figures[cell.dataset.figure];
    document.title = document.title.replace(/^\d+/, now.percent);
    return moves(now.may);
  }

  if (moves(run.dataset.may)) setTimeout(ask, every / 2);
})();
