// The bench: keys, the next answers fetched before they are wanted, and words chosen as evidence.
// Everything here only shortens the way: without it, the same buttons and links do the same.
"use strict";

(() => {
  const main = document.getElementById("main");
  const KEPT = 6; // pages that are held ready at once
  const ready = new Map(); // by address, the page that is on its way or has come
  let steps = 0; // how many answers this script has brought, and "previous" may go back through
  let busy = false;
  let selected = null; // words of the answer that are selected, and offered as evidence

  const field = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const control = (target) => target.closest("a, button, summary, input, textarea, select");

  // Keys. Each is written on the control that it stands for.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") return leaveField(event);
    if (field(event.target) || event.repeat) return;
    if (document.querySelector("#keys:popover-open") && event.key !== "?") return;
    if (event.key === "Enter") return control(event.target) ? undefined : press("Enter", event);
    const places = { c: toContext, e: toEvidence, g: toGuideline, n: toNote, w: toWords };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (places[key] && !event.shiftKey) { event.preventDefault(); places[key](); return; }
    press(key === "u" && event.shiftKey ? "U" : key, event);
  });

  function press(key, event) {
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
    if (!found || busy || found.closest(":disabled")) return;
    event.preventDefault();
    if (key === "k" && steps > 0) return history.back();
    found.click();
  }

  function leaveField(event) {
    if (field(event.target)) { event.preventDefault(); heading()?.focus(); }
  }

  const heading = () => document.getElementById("focus-h");
  const prose = () => document.querySelector(".focus .prose");
  const toContext = () => document.getElementById("context-h")?.focus();
  const toEvidence = () => selected ? addSelected() : (document.querySelector("#evidence input") ?? document.getElementById("signals"))?.focus();

  // Guidelines open at the level in focus, at the suggested one, or where they begin.
  function toGuideline() {
    const fold = document.getElementById("guideline");
    if (!fold) return;
    const level = document.activeElement?.closest(".keycard")?.value;
    const entry = level && document.getElementById(`guide-${level}`);
    if (entry) {
      for (const other of fold.querySelectorAll(".is-at")) other.classList.remove("is-at");
      entry.classList.add("is-at");
    }
    fold.open = entry ? true : !fold.open;
    // Focus stays with the answer, so that Enter does there what it says; the words of a level stand in the status, too.
    if (fold.open) (fold.querySelector(".is-at") ?? fold).scrollIntoView({ block: "nearest" });
    if (entry) return say(entry.textContent.replace(/\s+/g, " ").trim());
    say(fold.open ? "Guidelines are open. Press g again to close them." : "Guidelines are closed.");
  }

  function toNote() {
    const fold = document.getElementById("note-box");
    if (fold) fold.open = true;
    document.getElementById("note")?.focus();
  }

  // The next answer. The form goes out as it would have gone; what comes back says what was done, and where to go on.
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.id !== "bench" || !button) return;
    event.preventDefault();
    if (busy) return;
    const body = new URLSearchParams(new FormData(form, button));
    const address = button.hasAttribute("formaction") ? button.formAction : form.action;
    await wait(() => send(address, body));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[data-key="j"], a[data-key="k"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    wait(async () => show(await page(link.href)));
  });

  window.addEventListener("popstate", () => {
    steps = Math.max(0, steps - 1);
    wait(async () => show(await bring(location.href), false));
  });

  async function wait(work) {
    busy = true;
    main.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch {
      say("The archive cannot be reached. Nothing was lost: your choice is still here, try again.");
    } finally {
      busy = false;
      main.removeAttribute("aria-busy");
    }
  }

  async function send(address, body) {
    const options = { method: "POST", body, credentials: "same-origin", headers: { "X-Footnote-Bench": "script" } };
    const answer = await fetch(address, options);
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return show(await read(answer));
    const told = await answer.json();
    show(told.page ? { found: parse(told.page), address: told.to } : await page(told.to), true, told);
    told.then.forEach(fetchAhead);
  }

  // Pages that are likely wanted next. One that was fetched is shown once, as it may be out of date later.
  function fetchAhead(address) {
    const whole = new URL(address, location.href).href;
    if (ready.has(whole) || ready.size >= KEPT) return;
    const coming = bring(whole);
    coming.catch(() => ready.delete(whole));
    ready.set(whole, coming);
  }

  async function page(address) {
    const whole = new URL(address, location.href).href.split("#")[0];
    const coming = ready.get(whole);
    ready.clear();
    return coming ? coming.catch(() => bring(whole)) : bring(whole);
  }

  async function bring(address) {
    return read(await fetch(address, { credentials: "same-origin" }));
  }

  async function read(answer) {
    const found = parse(await answer.text());
    if (!found.getElementById("main")) throw new Error("not a page of ours");
    return { found, address: answer.ok ? answer.url : "" };
  }

  function show({ found, address }, anew = true, told = null) {
    const arrived = found.getElementById("main"), status = document.getElementById("status");
    const there = arrived.querySelector("#status"), votes = there?.querySelector(".two-votes");
    const words = told && there ? [...parts(told.status), ...(votes ? [" ", votes] : [])] : [...(there?.childNodes ?? [])];
    if (status && there) { status.replaceChildren(); there.replaceWith(status); } // one region, so that it is read out
    selected = null;
    main.className = arrived.className;
    document.body.className = found.body.className;
    main.replaceChildren(...arrived.childNodes);
    if (told) document.getElementById("progress")?.replaceChildren(...parts(told.line));
    document.title = found.title;
    if (address && anew) { history.pushState({}, "", address); steps += 1; }
    window.scrollTo(0, 0);
    const revealed = votes && document.getElementById("reveal-h");
    (revealed || heading() || main.querySelector("h1"))?.focus({ preventScroll: true });
    if (status && there) requestAnimationFrame(() => status.replaceChildren(...words));
    begin();
  }

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const parts = (html) => [...parse(html).body.childNodes];

  function say(sentence) {
    const status = document.getElementById("status");
    if (status) status.textContent = sentence;
  }

  // Words in the text, one after the other, for those who choose them by keyboard.
  function toWords() {
    const text = prose();
    if (!text || !text.querySelector("[data-at]")) return;
    const words = wordsOf(text);
    if (!words.length) return;
    let first = 0, last = 0; // the stretch, from where it was begun to where it is
    text.tabIndex = 0;
    text.setAttribute("role", "application");
    text.setAttribute("aria-label", "Words of the answer. Arrow keys move, with Shift they take more, Enter adds, Escape leaves.");
    text.focus({ preventScroll: true });
    mark();

    function mark() {
      const [from, to] = first <= last ? [first, last] : [last, first];
      getSelection().setBaseAndExtent(words[from].node, words[from].start, words[to].node, words[to].end);
      words[last].node.parentElement.scrollIntoView({ block: "nearest" });
      selected = selectedSpan();
      document.getElementById("add-evidence")?.toggleAttribute("hidden", !selected);
      say(short(words.slice(from, to + 1).map((word) => word.said).join(" ")));
    }

    function key(event) {
      const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: sentence(1), ArrowUp: sentence(-1) };
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); leave(); addSelected(); return; }
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(); withdraw(); getSelection().removeAllRanges(); say("No words were added."); return; }
      if (!(event.key in moves)) return;
      event.preventDefault();
      event.stopPropagation();
      last = Math.min(Math.max(last + moves[event.key], 0), words.length - 1);
      if (!event.shiftKey) first = last;
      mark();
    }

    function sentence(way) {
      let at = last + way;
      while (at > 0 && at < words.length && !/[.!?…]["”’)]*$/.test(words[at - 1].said)) at += way;
      return Math.min(Math.max(at, 0), words.length - 1) - last;
    }

    function leave() {
      text.removeEventListener("keydown", key);
      for (const name of ["tabindex", "role", "aria-label"]) text.removeAttribute(name);
      heading()?.focus({ preventScroll: true });
    }

    text.addEventListener("keydown", key);
  }

  function wordsOf(text) {
    const found = [];
    for (const piece of text.querySelectorAll("[data-at]")) {
      const node = piece.firstChild;
      if (!node || node.nodeType !== Node.TEXT_NODE) continue;
      for (const word of node.data.matchAll(/\S+/g)) found.push({ node, start: word.index, end: word.index + word[0].length, said: word[0] });
    }
    return found;
  }

  // Words selected in the answer are offered as evidence. Selecting alone adds nothing: it may be for copying.
  document.addEventListener("mouseup", () => setTimeout(take, 0));
  document.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") setTimeout(take, 0); });
  document.addEventListener("touchend", () => setTimeout(take, 300));
  // A tap on the button takes the selection away before the click comes: the offer stands a moment longer.
  document.addEventListener("selectionchange", () => setTimeout(() => { if (!selectedSpan()) withdraw(); }, 400));
  document.addEventListener("mousedown", (event) => { if (event.target.closest("#add-evidence")) event.preventDefault(); });
  document.addEventListener("click", (event) => { if (event.target.closest("#add-evidence")) addSelected(); });

  function selectedSpan() {
    const selection = getSelection(), text = prose();
    if (!text || selection.isCollapsed || !selection.rangeCount) return null;
    return spanOf(selection.getRangeAt(0), text);
  }

  function take() {
    const found = selectedSpan();
    if (!found || found.span === selected?.span) return;
    selected = found;
    document.getElementById("add-evidence")?.removeAttribute("hidden");
    say(`Selected: “${short(found.words)}”. Not evidence yet: press “Add as evidence”, or e.`);
  }

  function withdraw() {
    if (!selected) return;
    selected = null;
    document.getElementById("add-evidence")?.setAttribute("hidden", "");
    if (document.getElementById("status")?.textContent.startsWith("Selected: ")) say("");
  }

  function addSelected() {
    if (!selected || busy) return;
    const { span, words } = selected;
    offer(span, words);
    withdraw();
    getSelection().removeAllRanges();
    say(`Added as evidence: “${short(words)}”.`);
  }

  const short = (words) => words.length > 90 ? words.slice(0, 90).replace(/\s\S*$/, "") + " …" : words;

  const inWord = (words, at) => /[\p{L}\p{N}]/u.test(words[at - 1] ?? "") && /[\p{L}\p{N}]/u.test(words[at] ?? "");

  // Where the range begins and ends, whole words of it, in characters of the text. Strings here count in halves of some.
  function spanOf(range, text) {
    let start = null, end = null, said = "";
    for (const piece of text.querySelectorAll("[data-at]")) {
      if (!range.intersectsNode(piece) || !piece.firstChild) continue;
      const words = piece.firstChild.data, at = Number(piece.dataset.at);
      let from = range.startContainer === piece.firstChild ? range.startOffset : 0;
      let to = range.endContainer === piece.firstChild ? range.endOffset : words.length;
      while (from < to && inWord(words, from)) from -= 1;
      while (from < to && inWord(words, to)) to += 1;
      const taken = words.slice(from, to);
      if (!taken.trim()) continue;
      const lead = taken.length - taken.trimStart().length;
      const first = piece.dataset.to ? at : at + [...words.slice(0, from + lead)].length;
      said += (first === end ? "" : " ") + taken;
      if (start === null) start = first;
      // A character that is written as several, such as &amp;, is taken whole.
      end = piece.dataset.to ? Number(piece.dataset.to) : at + [...words.slice(0, from + taken.trimEnd().length)].length;
    }
    return start === null ? null : { span: `${start}-${end}`, words: said.replace(/\s+/g, " ").trim() };
  }

  function offer(span, words) {
    const list = document.getElementById("evidence");
    const known = list.querySelector(`input[value="${span}"]`);
    if (known) { known.checked = true; return; }
    const own = list.querySelector("li.own:last-child"); // words that are drawn wider replace those before
    const [start, end] = span.split("-").map(Number);
    if (own) {
      const [from, to] = own.querySelector("input").value.split("-").map(Number);
      if (start < to && from < end) own.remove();
    }
    list.append(line(span, words));
  }

  function line(span, words) {
    const item = document.createElement("li"), label = document.createElement("label");
    const box = document.createElement("input"), said = document.createElement("span");
    item.className = "own";
    Object.assign(box, { type: "checkbox", name: "evidence", value: span, checked: true });
    said.textContent = `Your words: “${short(words)}”`;
    label.append(box, " ", said);
    item.append(label);
    return item;
  }

  document.addEventListener("click", (event) => { if (event.target.closest("#choose-words")) toWords(); });

  // A signal in the text and its line in the list lead to each other; a click on the mark ticks the line.
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".focus .prose a.ref");
    const box = mark && document.querySelector(`#${CSS.escape(mark.hash.slice(1))} input`);
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    say(`${box.checked ? "Evidence" : "No longer evidence"}: ${short(box.parentElement.textContent.replace(/\s+/g, " ").trim())}`);
  });

  function begin() {
    for (const hint of document.querySelectorAll(".with-script")) hint.hidden = false;
  }

  begin();
})();
