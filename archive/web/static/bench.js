// The bench: keys, the next answer without a new page, and words selected as evidence.
// Everything here only shortens the way: without it, the same buttons and links do the same.
"use strict";

(() => {
  const main = document.getElementById("main");
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
    const places = { c: toContext, e: toEvidence, g: toGuideline, n: toNote };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (places[key]) { event.preventDefault(); places[key](); } else press(key, event);
  });

  function press(key, event) {
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found || busy) return;
    event.preventDefault();
    if (key === "k" && steps > 0) return history.back();
    found.click();
  }

  function leaveField(event) {
    if (field(event.target)) { event.preventDefault(); heading()?.focus(); }
  }

  const heading = () => document.getElementById("focus-h");
  const toContext = () => document.getElementById("context-h")?.focus();
  const toEvidence = () => selected ? addSelected() : (document.querySelector("#evidence input") ?? document.getElementById("signals"))?.focus();

  function toGuideline() {
    const fold = document.getElementById("guideline");
    if (!fold) return;
    fold.open = !fold.open;
    fold.querySelector("summary").focus();
  }

  function toNote() {
    const fold = document.getElementById("note-box");
    if (!fold) return;
    fold.open = true;
    document.getElementById("note").focus();
  }

  // The next answer. The form goes out as it would have gone, and what comes back takes the place of this page.
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.id !== "bench" || !button) return;
    event.preventDefault();
    if (busy) return;
    const body = new URLSearchParams(new FormData(form, button));
    const address = button.hasAttribute("formaction") ? button.formAction : form.action;
    await bring(address, { method: "POST", body });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[data-key="j"], a[data-key="k"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    bring(link.href, {});
  });

  window.addEventListener("popstate", () => { steps = Math.max(0, steps - 1); bring(location.href, {}, false); });

  async function bring(address, request, anew = true) {
    busy = true;
    main.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { ...request, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("main")) throw new Error("not a page of ours");
      show(page, anew && answer.ok ? answer.url : "");
    } catch {
      say("The archive cannot be reached. Nothing was lost: your choice is still here, try again.");
    } finally {
      busy = false;
      main.removeAttribute("aria-busy");
    }
  }

  function show(page, address) {
    const arrived = page.getElementById("main"), status = document.getElementById("status");
    const there = arrived.querySelector("#status"), words = there ? [...there.childNodes] : [];
    if (status && there) { status.replaceChildren(); there.replaceWith(status); } // one region, so that it is read out
    selected = null;
    main.className = arrived.className;
    document.body.className = page.body.className;
    main.replaceChildren(...arrived.childNodes);
    document.title = page.title;
    if (address) { history.pushState({}, "", address); steps += 1; }
    window.scrollTo(0, 0);
    (heading() ?? main.querySelector("h1"))?.focus({ preventScroll: true });
    if (status && there) requestAnimationFrame(() => status.replaceChildren(...words));
    withScript();
  }

  function say(sentence) {
    const status = document.getElementById("status");
    if (status) status.textContent = sentence;
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
    const selection = getSelection(), text = document.querySelector(".focus .prose");
    if (!text || selection.isCollapsed || !selection.rangeCount) return null;
    return spanOf(selection.getRangeAt(0), text);
  }

  function take() {
    const found = selectedSpan();
    if (!found || found.span === selected?.span) return;
    selected = found;
    document.getElementById("add-evidence").hidden = false;
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

  function withScript() {
    for (const hint of document.querySelectorAll(".with-script")) hint.hidden = false;
  }

  withScript();
})();
