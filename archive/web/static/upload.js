// The upload form: large files go in pieces, each with its place, so that a lost connection or a closed page costs one.
// Without it, the form sends everything in one request, up to the limit that it names.
"use strict";

(() => {
  const form = document.getElementById("import"), field = document.getElementById("files");
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (!form || !field || !token) return;
  const piece = Number(field.dataset.piece), tries = 6, said = 10000; // bytes; a piece; ms between two sentences read out
  let busy = false, spoken = 0;

  const sizes = (bytes) => {
    const units = ["bytes", "KiB", "MiB", "GiB"];
    let unit = 0;
    while (bytes >= 1024 && unit < 3) { bytes /= 1024; unit += 1; }
    return `${unit ? bytes.toFixed(1) : bytes} ${units[unit]}`;
  };
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  document.getElementById("limit").textContent = sizes(Number(field.dataset.most));

  function say(text, always) {
    if (!always && Date.now() - spoken < said) return;
    spoken = Date.now();
    document.getElementById("sent").textContent = text;
  }

  async function post(address, body, headers) {
    const answer = await fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, ...headers }, body });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok && isJson) return told;
    if (answer.status === 409 && "have" in told) return told; // it begins elsewhere than we thought
    const refused = new Error(told.error ?? (answer.status === 413 ? "The server accepts no piece of this size." : "The server refused it. Load this page again."));
    refused.final = answer.status < 500;
    throw refused;
  }

  // The same request again and again, as long as only the connection fails.
  async function patiently(ask) {
    for (let left = tries; ; left -= 1) {
      try {
        return await ask();
      } catch (error) {
        if (error.final || left === 1) throw error;
        say("The connection was lost. Trying again …", true);
        await pause(500 * 2 ** (tries - left));
      }
    }
  }

  async function send(file) {
    const about = new URLSearchParams({ name: file.name, size: file.size, modified: file.lastModified });
    const begun = await patiently(() => post("/imports/uploads", about));
    let have = begun.have;
    while (have < file.size) {
      say(`Sending ${file.name}: ${Math.floor(100 * have / file.size)} %`);
      const bytes = file.slice(have, have + piece), at = have;
      const told = await patiently(() => post(`/imports/uploads/${begun.token}/pieces/${at}`, bytes, { "Content-Type": "application/octet-stream" }));
      have = told.have;
    }
    return begun.token;
  }

  // Why the server would refuse files, told before a byte of them is sent; "" where it would not.
  function whyNot(files) {
    const here = new Set([...document.querySelectorAll("[data-file]")].map((item) => item.dataset.file));
    const more = files.filter((file) => !here.has(`${file.name}/${file.size}/${file.lastModified}`));
    const most = Number(field.dataset.mostFiles), room = Number(field.dataset.roomFiles), left = Number(field.dataset.roomBytes);
    const number = (count) => count.toLocaleString("en");
    if (more.length > room) return `You may have ${number(most)} files here that are not received yet, and with these there were ${number(most - room + more.length)}. Send them in a zip or 7z archive.`;
    const size = more.reduce((sum, file) => sum + file.size, 0);
    if (size > left) return `These are ${sizes(size)}, and you may send ${sizes(left)} more before what is here is received.`;
    return "";
  }

  form.addEventListener("submit", async (event) => {
    const files = [...field.files];
    if (busy) return event.preventDefault();
    if (files.reduce((sum, file) => sum + file.size, 0) <= 0.9 * piece) return; // one request will do, with all around it
    event.preventDefault();
    const why = whyNot(files);
    if (why) return say(`Not sent: ${why}`, true);
    busy = true;
    try {
      for (const file of files) {
        const sent = document.createElement("input");
        Object.assign(sent, { type: "hidden", name: "upload", value: await send(file) });
        form.append(sent);
      }
      say("All of it is sent.", true);
      field.value = "";
      form.submit();
    } catch (error) {
      for (const sent of form.querySelectorAll('input[type="hidden"][name="upload"]')) sent.remove();
      say(`Not sent: ${error.message} What was sent stays for a day: choose the same files again, and it goes on from there.`, true);
      busy = false;
    }
  });
})();
