// Behaviour of the public screens. Everything works without it, but for the tree.
const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
const post = (url, body) =>
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" }, credentials: "same-origin" });

function menus() {
  const all = document.querySelectorAll("details[data-closes]");
  document.addEventListener("click", (event) => all.forEach((one) => { if (!one.contains(event.target)) one.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all.forEach((one) => { if (one.open) { one.open = false; one.querySelector("summary").focus(); } });
  });
}

function printing() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

function reading() {
  const place = document.querySelector("[data-read-url]");
  if (place) setTimeout(() => { if (document.visibilityState === "visible") post(place.dataset.readUrl); }, 3000);
}

function favourite() {
  document.querySelectorAll("form[data-favourite]").forEach((form) =>
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await post(form.action, new FormData(form));
      if (!answer.ok) { form.submit(); return; }
      const kept = (await answer.json()).favourite;
      const button = form.querySelector("button");
      button.setAttribute("aria-pressed", String(kept));
      button.querySelector("span").textContent = kept ? "Retirer de mes pages" : "Garder dans mes pages";
    }));
}

function contents() {
  const fold = document.querySelector("details[data-contents]");
  if (fold && matchMedia("(max-width: 68.75em)").matches) fold.open = false;
  const links = [...document.querySelectorAll(".contents-list a")];
  const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))).filter(Boolean);
  if (!targets.length) return;
  const mark = () => {
    let current = 0;
    targets.forEach((target, place) => { if (target.getBoundingClientRect().top < 120) current = place; });
    links.forEach((link) => link.removeAttribute("aria-current"));
    const link = links.find((one) => decodeURIComponent(one.hash.slice(1)) === targets[current].id);
    if (link) link.setAttribute("aria-current", "true");
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}

function tree() {
  const fill = async (place, url) => { place.innerHTML = await (await fetch(url, { credentials: "same-origin" })).text(); };
  document.querySelectorAll("details[data-tree]").forEach((box) =>
    box.addEventListener("toggle", () => {
      const place = box.querySelector(".tree");
      if (box.open && !place.childElementCount) fill(place, box.dataset.tree);
    }));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".tree-toggle");
    if (!button) return;
    const item = button.closest("li");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    button.firstElementChild.textContent = open ? "+" : "–";
    const below = item.querySelector(":scope > .tree-below");
    if (open) { below.hidden = true; return; }
    if (below) { below.hidden = false; return; }
    const place = document.createElement("div");
    place.className = "tree-below";
    item.append(place);
    await fill(place, button.dataset.below);
  });
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest(".tree-row");
    if (!row) return;
    const rows = [...row.closest(".tree").querySelectorAll(".tree-row")].filter((one) => one.offsetParent);
    const next = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const button = row.querySelector(".tree-toggle");
    if (next) rows[rows.indexOf(row) + next]?.querySelector("a").focus();
    else if (event.key === "ArrowRight" && button?.getAttribute("aria-expanded") === "false") button.click();
    else if (event.key === "ArrowLeft" && button?.getAttribute("aria-expanded") === "true") button.click();
    else return;
    event.preventDefault();
  });
}

function drop() {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const rows = document.querySelector(".drop-rows");
  const zone = form.querySelector(".drop");
  const input = form.querySelector("input[type=file]");
  const line = (name) => {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("strong"), { textContent: name }));
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", `Dépôt de ${name}`);
    row.append(bar);
    rows.append(row);
    return { row, bar };
  };
  const say = (row, text, wrong) => {
    row.querySelector("progress")?.remove();
    row.querySelector("p")?.remove();
    row.append(Object.assign(document.createElement("p"), { textContent: text, className: wrong ? "error" : "" }));
    row.classList.toggle("wrong", Boolean(wrong));
  };
  const ask = (row, answer, file) => {
    say(row, answer.message);
    const choose = (label, act) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: "button button-secondary" });
      button.addEventListener("click", () => { row.querySelectorAll("button").forEach((one) => one.remove()); act(); });
      row.append(button);
    };
    choose("Joindre celui qui est là", async () => say(row, (await (await post(answer.attach_url)).json()).message));
    choose("Garder les deux", () => send(file, row, true));
  };
  const send = (file, known, both) => new Promise((done) => {
    const { row, bar } = known ? { row: known, bar: null } : line(file.name);
    const data = new FormData();
    data.append("file", file);
    if (both) data.append("garder_les_deux", "1");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { if (bar && event.lengthComputable) bar.value = (100 * event.loaded) / event.total; });
    request.addEventListener("loadend", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* the server or the network is gone */ }
      if (!answer) say(row, "Le fichier n’est pas arrivé. Vérifiez le réseau, puis recommencez.", true);
      else if (answer.duplicate) ask(row, answer, file);
      else say(row, answer.message, !answer.ok);
      done();
    });
    request.send(data);
  });
  const sendAll = async (files) => { for (const file of files) await send(file); input.value = ""; };
  form.addEventListener("submit", (event) => { event.preventDefault(); sendAll([...input.files]); });
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); sendAll([...event.dataTransfer.files]); });
}

function embeds() {
  document.querySelectorAll("[data-embed]").forEach((box) =>
    box.querySelector("a").addEventListener("click", (event) => {
      if (!/\/(embed|videos\/embed)\//.test(box.dataset.embed)) return;
      event.preventDefault();
      const frame = Object.assign(document.createElement("iframe"), { src: box.dataset.embed, title: box.dataset.title, allowFullscreen: true });
      box.replaceChildren(frame);
    }));
}

function refresh() {
  const place = document.querySelector("[data-refresh]");
  if (place) setTimeout(() => location.reload(), 1000 * Number(place.dataset.refresh));
}

[menus, printing, reading, favourite, contents, tree, drop, embeds, refresh].forEach((start) => start());
