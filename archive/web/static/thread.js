// A thread: keys that follow its links, and old addresses whose post lies in another part.
// Everything here only shortens the way: without it, the same links lead to the same places.
"use strict";

(() => {
  const wanted = () => decodeURIComponent(location.hash.slice(1));
  const field = (target) => target.closest("input, textarea, select, [contenteditable]");
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  let here = null; // the post that a key led to last

  // A fragment never reaches the server: the permanent address of the post leads to the part that holds it.
  function toItsPart() {
    const post = /^post-([0-9a-z]{14})$/.exec(wanted());
    const found = document.getElementById(wanted());
    if (found) { here = found.closest(".post"); return unfold(found); }
    if (post && "parts" in document.body.dataset) location.replace(`/posts/${post[1]}`);
  }

  function unfold(post) {
    for (let fold = post.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  }

  function go(post) {
    here = post;
    unfold(post);
    post.tabIndex = -1;
    post.focus({ preventScroll: true });
    post.scrollIntoView({ behavior: reduced.matches ? "auto" : "smooth", block: "start" });
  }

  // The post that is being read: the one with the focus, or else the last that begins in the upper part of the window.
  function current() {
    const focused = document.activeElement?.closest(".post");
    if (focused) return focused;
    if (here?.isConnected && here.getBoundingClientRect().bottom > 0 && here.getBoundingClientRect().top < innerHeight) return here;
    let last = null;
    for (const post of document.querySelectorAll(".post")) {
      if (post.getBoundingClientRect().top > innerHeight / 3) break;
      last = post;
    }
    return last;
  }

  const answerOf = (post) => post?.closest(".posts > li")?.querySelector(".answer");
  const link = (post, kind) => post?.querySelector(`:scope > .acts a${kind}, :scope > .byline a${kind}`);

  function follow(found) {
    if (!found) return;
    const target = found.hash && found.pathname === location.pathname && found.search === location.search;
    const post = target ? document.getElementById(found.hash.slice(1)) : null;
    if (post) go(post); else found.click();
  }

  const say = (words) => { document.getElementById("key-said").textContent = words; };
  const first = () => document.querySelector(".posts .post");
  const KEYS = {
    j: (post) => (answerOf(post) ? follow(link(answerOf(post), "[rel=next]")) : first() && go(first())),
    k: (post) => (post && post === answerOf(post) ? follow(link(post, "[rel=prev]")) : answerOf(post) && go(answerOf(post))),
    n: (post) => follow(link(post, "[rel=next]")),
    p: (post) => follow(link(post, "[rel=prev]")),
    u: (post) => (link(post, ".up") ? follow(link(post, ".up")) : scrollTo({ top: 0 })),
    s: (post) => {
      const answers = [...document.querySelectorAll(".posts .answer")];
      const at = answers.indexOf(answerOf(post));
      const next = answers.slice(at + 1).find((answer) => answer.querySelector(".post-title .lv-pinpoint, .post-title .lv-cited"));
      const further = at < 0 ? document.querySelector(".thread-head .to-sourced") : link(answers[at], ".to-sourced");
      say("");
      if (next) go(next); else if (further) follow(further); else say(`No further answer ${"parts" in document.body.dataset ? "of this part " : ""}is sourced.`);
    },
    "?": () => document.getElementById("keys")?.togglePopover(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (field(event.target) || !Object.hasOwn(KEYS, event.key)) return;
    if (event.key !== "?" && document.querySelector("#keys:popover-open")) return;
    event.preventDefault();
    KEYS[event.key](current());
  });

  for (const button of document.querySelectorAll(".keys-button")) button.hidden = false;
  addEventListener("hashchange", toItsPart);
  toItsPart();
})();
