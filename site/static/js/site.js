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
  if (!place) return;
  const start = () => setTimeout(() => {
    if (document.visibilityState === "visible") post(place.dataset.readUrl);
    else document.addEventListener("visibilitychange", start, { once: true });
  }, 3000);
  start();
}

function favourite() {
  document.querySelectorAll("form[data-favourite]").forEach((form) =>
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await post(form.action, new FormData(form));
      if (!answer.ok) { form.submit(); return; }
      const kept = (await answer.json()).favourite;
      const button = form.querySelector("button");
      button.classList.toggle("kept", kept);
      button.querySelector("span").textContent = kept ? "Retirer de mes pages" : "Garder dans mes pages";
    }));
}

function contents() {
  const fold = document.querySelector("details[data-contents]");
  if (fold && matchMedia("screen and (max-width: 68.75em)").matches) fold.open = false;
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

// The tree, under the header: its links lead to /plan/, and open it in place where this script runs.
function tree() {
  const panel = document.querySelector("[data-tree-panel]");
  if (!panel) return;
  const place = panel.querySelector(".tree");
  const openers = [...document.querySelectorAll("[data-tree-open]")];
  const here = document.querySelector("[data-page-id]")?.dataset.pageId || "";
  let opener = null;
  const close = (back) => {
    panel.hidden = true;
    openers.forEach((one) => one.setAttribute("aria-expanded", "false"));
    if (back && opener) (opener.closest("details.menu")?.querySelector("summary") || opener).focus();
  };
  const open = async (from) => {
    opener = from;
    panel.hidden = false;
    openers.forEach((one) => one.setAttribute("aria-expanded", "true"));
    const menu = from.closest("details.menu");
    if (menu) menu.open = false;
    if (!place.childElementCount) await grow(place, `/arbre/?ici=${here}`);
    const first = place.querySelector("a[tabindex='0']");
    if (first) { first.focus(); first.scrollIntoView({ block: "nearest" }); }
  };
  const toggle = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (panel.hidden) open(event.currentTarget); else close(true);
  };
  openers.forEach((one) => {
    one.setAttribute("role", "button");
    one.setAttribute("aria-controls", panel.id);
    one.setAttribute("aria-expanded", "false");
    one.addEventListener("click", toggle);
    one.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
  });
  document.addEventListener("click", (event) => { if (!panel.hidden && !panel.contains(event.target)) close(false); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) close(true); });
}

// A navigation tree after the ARIA practices: one stop for Tab, arrows inside, Enter follows the link.
async function grow(place, address) {
  const here = new URL(address, location).searchParams.get("ici") || "";
  const above = [...document.querySelectorAll(".breadcrumb a")].map((link) => link.pathname);
  let number = 0;
  const rows = async (url) => {
    const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}ici=${here}`, { credentials: "same-origin" });
    const made = document.createElement("template");
    made.innerHTML = answer.ok ? await answer.text() : "<ul></ul>";
    const list = made.content.querySelector("ul");
    list.setAttribute("role", "group");
    list.querySelectorAll("li").forEach((item) => item.setAttribute("role", "none"));
    list.querySelectorAll("a").forEach((link) => {
      link.setAttribute("role", "treeitem");
      link.tabIndex = -1;
      if (link.dataset.below) link.setAttribute("aria-expanded", "false");
    });
    return list;
  };
  const open = async (link) => {
    link.setAttribute("aria-expanded", "true");
    let below = link.nextElementSibling;
    if (!below) {
      below = await rows(link.dataset.below);
      below.id = `tree-${(number += 1)}`;
      link.setAttribute("aria-owns", below.id);
      link.after(below);
      for (const child of below.querySelectorAll("a[data-below]")) if (above.includes(child.pathname)) await open(child);
    }
    below.hidden = false;
  };
  const close = (link) => { link.setAttribute("aria-expanded", "false"); link.nextElementSibling.hidden = true; };
  const isOpen = (link) => link.getAttribute("aria-expanded") === "true";
  const toggle = (link) => (isOpen(link) ? close(link) : open(link));
  const all = () => [...place.querySelectorAll("a")].filter((link) => link.offsetParent);
  const reach = (link) => {
    if (!link) return;
    place.querySelectorAll("a[tabindex='0']").forEach((one) => { one.tabIndex = -1; });
    link.tabIndex = 0;
    link.focus();
  };
  const root = await rows(address.split("?")[0]);
  root.setAttribute("role", "tree");
  root.setAttribute("aria-label", "Arbre des pages");
  place.replaceChildren(root);
  for (const link of root.querySelectorAll("a[data-below]")) if (above.includes(link.pathname)) await open(link);
  const first = place.querySelector("a[aria-current]") || place.querySelector("a");
  if (first) first.tabIndex = 0;
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && link.dataset.below && event.target.closest(".tree-mark")) { event.preventDefault(); toggle(link); }
  });
  place.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const seen = all();
    const at = seen.indexOf(link);
    const parent = link.closest("ul").previousElementSibling;
    const acts = {
      ArrowDown: () => reach(seen[at + 1]),
      ArrowUp: () => reach(seen[at - 1]),
      Home: () => reach(seen[0]),
      End: () => reach(seen[seen.length - 1]),
      ArrowRight: () => { if (link.dataset.below) { if (isOpen(link)) reach(seen[at + 1]); else open(link); } },
      ArrowLeft: () => { if (link.dataset.below && isOpen(link)) close(link); else reach(parent); },
      " ": () => { if (link.dataset.below) toggle(link); },
    };
    const letter = event.key.length === 1 && event.key !== " " ? event.key.toLocaleLowerCase("fr") : "";
    if (letter) reach([...seen.slice(at + 1), ...seen.slice(0, at)].find((one) => one.textContent.trim().toLocaleLowerCase("fr").startsWith(letter)));
    else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
  });
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

[menus, printing, reading, favourite, contents, tree, embeds, refresh].forEach((start) => start());
