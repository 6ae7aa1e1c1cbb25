// The search box: Ctrl-K from anywhere, propositions from the second letter, arrows and Enter (ARIA combobox).
const WAIT = 150;

function proposing(input) {
  const form = input.form;
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${input.id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Propositions");
  form.append(list);
  const said = document.createElement("p");
  said.className = "hidden-words";
  said.setAttribute("role", "status");
  form.append(said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  let chosen = -1;
  let timer = 0;
  let asked = 0;

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const all = options();
    if (!all.length) return;
    chosen = (place + all.length + 1) % (all.length + 1);
    if (chosen === all.length) chosen = -1;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const go = (line) => {
    if (line.url) { location.assign(line.url); return; }
    input.value = line.label;
    form.submit();
  };
  const show = (lines) => {
    list.replaceChildren(...lines.map((line, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(line.label, Object.assign(document.createElement("small"), { textContent: line.detail }));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); go(line); });
      option.line = line;
      return option;
    }));
    chosen = -1;
    list.hidden = !lines.length;
    input.setAttribute("aria-expanded", String(Boolean(lines.length)));
    said.textContent = lines.length ? `${lines.length} propositions` : "";
  };
  const ask = async () => {
    const mine = ++asked;
    if (input.value.trim().length < 2) { close(); return; }
    const answer = await fetch(`/recherche/propositions/?q=${encodeURIComponent(input.value)}`, { credentials: "same-origin" });
    if (mine !== asked || !answer.ok || document.activeElement !== input) return;
    show((await answer.json()).lines);
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); choose(chosen + 1); }
    else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); choose(chosen < 0 ? options().length - 1 : chosen - 1); }
    else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); go(options()[chosen].line); }
  });
}

function shortcut() {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    const box = [...document.querySelectorAll("[data-suggest]")].find((one) => one.offsetParent);
    if (box) { box.focus(); box.select(); } else location.assign("/recherche/");
  });
}

function facets() {
  const fold = document.querySelector("details[data-facets]");
  if (!fold) return;
  if (matchMedia("screen and (max-width: 68.75em)").matches) fold.open = false;
}

document.querySelectorAll("[data-suggest]").forEach(proposing);
shortcut();
facets();
