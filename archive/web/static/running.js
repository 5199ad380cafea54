// A running import: brings its figures up to date, and goes on to the batch when it is done.
"use strict";

(() => {
  const run = document.getElementById("run");
  if (!run) return;
  const address = `/imports/${run.dataset.batch}`;
  const figure = new Intl.NumberFormat("en");
  const every = 1000, said = 5000; // ms: between two questions, and between two sentences that are read out
  let spoken = 0, failed = 0;

  const put = (id, text) => { document.getElementById(id).textContent = text; };

  async function ask() {
    try {
      const answer = await fetch(`${address}/progress`, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no figures");
      failed = 0;
      if (!show(await answer.json())) return;
    } catch {
      failed += 1;
      if (failed === 3) put("run-now", "The archive cannot be reached. The import goes on without this page.");
    }
    setTimeout(ask, failed ? 5 * every : every);
  }

  // Whether there is more to come.
  function show(now) {
    const underway = now.state === "received" || now.state === "importing";
    if (!underway) {
      location.assign(address);
      return false;
    }
    const percent = now.all_bytes ? Math.floor(100 * now.done_bytes / now.all_bytes) : 0;
    const bar = document.getElementById("bar");
    bar.value = now.done_bytes;
    put("percent", percent);
    put("done", figure.format(now.done_bytes));
    put("posts", figure.format(now.posts));
    for (const cell of run.querySelectorAll("[data-figure]")) cell.textContent = figure.format(now.balance[cell.dataset.figure]);
    document.title = document.title.replace(/^\d+/, percent);
    if (now.failure) put("run-now", `The import stopped: ${now.failure}`);
    else if (Date.now() - spoken > said && now.posts) { spoken = Date.now(); put("run-now", `${figure.format(now.posts)} posts stored so far.`); }
    return !now.failure;
  }

  setTimeout(ask, every / 2);
})();
