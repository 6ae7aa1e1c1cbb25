// The operator's screen. What is typed is kept on this laptop until the server has it: each entry bears an id made here,
// entries leave in their order, and one that leaves twice is written once.
(() => {
  const floor = document.querySelector("[data-floor]");
  if (!floor) return;
  const board = floor.querySelector("[data-board]");
  const address = floor.dataset.address;
  const KEY = `floor:${floor.dataset.floor}`;
  const DRAFT = `${KEY}:draft:`;
  const PATIENCE = 8000;
  const CLOSED = "Votre session est fermée. Reconnectez-vous dans un autre onglet : vos saisies sont gardées et partiront.";
  const live = "live" in floor.dataset;
  let version = floor.dataset.version;
  let skew = Date.parse(floor.dataset.now) - Date.now();
  let token = (floor.querySelector("[name=csrfmiddlewaretoken]") || {}).value || "";
  let sending = false;
  let lost = "";

  // Made by hand: crypto.randomUUID is missing where the town hall has no https.
  function freshId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  const hourTyped = () => (floor.querySelector("#heure") || {}).value || "";
  const queue = () => JSON.parse(localStorage.getItem(KEY) || "[]");
  const keep = (entries) => localStorage.setItem(KEY, JSON.stringify(entries));

  function tell() {
    const waiting = queue();
    const panel = floor.querySelector("[data-queue]");
    panel.hidden = !lost && (!waiting.length || sending);
    tellAside();
    if (waiting.length || lost) {
      const many = waiting.length > 1;
      const words = `${waiting.length} saisie${many ? "s attendent" : " attend"} le réseau. Continuez : rien n’est perdu.`;
      panel.querySelector("[data-queue-words]").textContent = lost || words;
      panel.querySelector("[data-queue-list]").replaceChildren(...waiting.map((one) => {
        const line = document.createElement("li");
        line.textContent = one.words;
        return line;
      }));
    }
    floor.querySelectorAll("form[data-entry]").forEach((form) => {
      const held = waiting.some((one) => one.form === form.dataset.entry && one.version === version);
      form.toggleAttribute("data-waiting", held && !["roll", "agenda", "log"].includes(form.dataset.entry));
    });
  }

  // What was refused after it had waited stays listed until the operator has read it: he typed it some time ago.
  const refusedEntries = () => JSON.parse(localStorage.getItem(`${KEY}:refused`) || "[]");

  function setAside(entry, why) {
    localStorage.setItem(`${KEY}:refused`, JSON.stringify([...refusedEntries(), `${entry.words} : ${why}`]));
  }

  function tellAside() {
    const lines = refusedEntries();
    const panel = floor.querySelector("[data-aside]");
    panel.hidden = !lines.length;
    panel.querySelector("ol").replaceChildren(...lines.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    }));
  }

  function refusal(words) {
    const place = floor.querySelector("[data-refused]");
    place.replaceChildren();
    if (!words) return;
    const box = document.createElement("div");
    box.className = "message message-error";
    box.setAttribute("role", "alert");
    box.textContent = words;
    place.append(box);
    box.scrollIntoView({ block: "nearest" });
  }

  // Drafts: the boxes of a form that was not sent, kept over a new state and over a crash of the browser.
  const boxes = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
  const isOn = (one) => ["radio", "checkbox"].includes(one.type);

  function draft(form) {
    const typed = boxes(form).map((one) => (isOn(one) ? [one.name, one.value, one.checked] : [one.name, one.value]));
    localStorage.setItem(DRAFT + form.dataset.entry, JSON.stringify(typed));
  }

  function restore(form) {
    const kept = JSON.parse(localStorage.getItem(DRAFT + form.dataset.entry) || "null");
    if (!kept) return;
    boxes(form).forEach((one) => {
      const found = kept.find(([name, value]) => name === one.name && (!isOn(one) || value === one.value));
      if (found && isOn(one)) one.checked = found[2];
      else if (found) one.value = found[1];
    });
  }

  function forget(name) { localStorage.removeItem(DRAFT + name); }

  // The state.

  function show(state) {
    if (state.now) skew = Date.parse(state.now) - Date.now();
    if (state.version === version) return;
    const focus = document.activeElement && board.contains(document.activeElement) ? document.activeElement : null;
    const here = focus && { id: focus.id, name: focus.name, value: focus.value, form: focus.form && focus.form.dataset.entry };
    const open = new Set([...board.querySelectorAll("details[open][id]")].map((one) => one.id));
    const side = board.querySelector(".floor-side");
    const top = side ? side.scrollTop : 0;
    const item = (board.querySelector("#floor-item") || {}).textContent;
    const opened = board.querySelector(".roll-call");
    version = state.version;
    board.innerHTML = state.html;
    if (opened && !board.querySelector(".roll-call")) board.scrollIntoView();
    const same = (board.querySelector("#floor-item") || {}).textContent === item;
    if (same) open.forEach((id) => { const one = document.getElementById(id); if (one && id !== "fold-close") one.open = true; });
    if (board.querySelector(".floor-side")) board.querySelector(".floor-side").scrollTop = top;
    ready();
    if (here) refocus(here);
    if (!same) board.scrollIntoView();
    tell();
  }

  function refocus(here) {
    const forms = [...board.querySelectorAll("form[data-entry]")].filter((one) => one.dataset.entry === here.form);
    const named = forms.flatMap((form) => [...form.elements]).find((one) => one.name === here.name && one.value === here.value);
    const found = (here.id && document.getElementById(here.id)) || named || board.querySelector("#floor-item");
    if (!found) return;
    if (found.id === "floor-item") found.tabIndex = -1;
    found.focus({ preventScroll: found.id !== "floor-item" });
  }

  async function ask() {
    if (sending || document.hidden) return;
    try {
      const answer = await fetch(`${address}etat.json`, {
        headers: { "If-None-Match": `"${version}"` }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.redirected) lost = CLOSED;
      else lost = "";
      tell();
      if (answer.ok && !answer.redirected && !queue().length) show(await answer.json());
    } catch { /* The network is away: what is typed waits. */ }
  }

  // The sending: one after the other, in order. What the server refused leaves the queue, and its reason is shown.

  async function send() {
    if (sending || !queue().length) return;
    sending = true;
    let words = "";
    try {
      while (queue().length) {
        const [first] = queue();
        const answer = await post(first);
        if (answer === null) {
          keep(queue().map((one) => ({ ...one, waited: true })));
          break;
        }
        keep(queue().filter((one) => one.id !== first.id));
        if (answer.refused && first.waited) setAside(first, answer.refused);
        else if (answer.refused) words = answer.refused;
        else { forget(first.form); version = version === answer.version ? "" : version; }
        refusal(words);
        if (!queue().length) show(answer);
      }
    } finally {
      sending = false;
      tell();
    }
  }

  async function post(entry) {
    lost = "";
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST", body: new URLSearchParams(entry.body), signal: AbortSignal.timeout(PATIENCE), redirect: "follow",
        headers: { Accept: "application/json", "X-CSRFToken": token },
      });
    } catch {
      return null;
    }
    if (answer.ok && !answer.redirected) return answer.json();
    if (answer.status === 403 || answer.redirected) await renew();
    else if (answer.status < 500) lost = "Cette séance ne vous est plus ouverte. Vos saisies sont gardées sur ce poste.";
    return null;
  }

  // The session ended, or began again in another tab: a fresh token, or words that say what to do.
  async function renew() {
    try {
      const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.querySelector("[data-floor]")) token = page.querySelector("[name=csrfmiddlewaretoken]").value;
      else lost = CLOSED;
    } catch { /* The network is away. */ }
  }

  // The typing.

  function enter(form, button) {
    if (form.hasAttribute("data-waiting")) return;
    const body = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    const typed = new Map(body);
    const id = freshId();
    const kept = body.filter(([name]) => !["id", "csrfmiddlewaretoken"].includes(name));
    if (button && button.name) kept.push([button.name, button.value]);
    kept.push(["id", id]);
    const hour = hourTyped();
    if (hour) kept.push(["heure", hour]);
    else if (live) kept.push(["at", new Date(Date.now() + skew).toISOString()]);
    const words = (button && button.dataset.words) || form.dataset.words || "Une saisie";
    keep([...queue(), { id, body: kept, words, form: form.dataset.entry, version }]);
    // Still here after a moment: the network is away, and the next item is voted on this screen as it is.
    const turn = () => {
      if (typed.get("deed") === "item" && button && queue().some((one) => one.id === id)) call(button);
      tell();
    };
    send().then(turn);
    setTimeout(turn, 1500);
    tell();
  }

  // The item that was called while the network is away: the same boxes serve for it.
  function call(button) {
    const vote = board.querySelector("form.vote:not(.election)");
    if (!vote || vote.querySelector("[data-item]").value === button.value) return;
    const row = button.closest(".floor-list li") || board.querySelector(`#call-${button.value}`).closest("li");
    vote.querySelector("[data-item]").value = button.value;
    vote.dataset.entry = `vote-${button.value}-0`;
    vote.dataset.words = `Vote du point ${button.value}`;
    vote.querySelectorAll("[data-words]").forEach((one) => { one.dataset.words = one.dataset.words.replace(/Point \d+/, `Point ${button.value}`); });
    vote.reset();
    if (vote.closest("details")) vote.closest("details").open = true;
    board.querySelector("#floor-item .number").textContent = button.value;
    board.querySelector("[data-item-title]").textContent = row.querySelector(".title").textContent;
    board.querySelectorAll(".said-by-law, .declared").forEach((one) => one.remove());
    const next = row.nextElementSibling && row.nextElementSibling.querySelector("button[name=item]");
    const following = board.querySelector("[data-key=F9]");
    if (following && next) following.value = next.value;
  }

  async function rehearse(form) {
    const place = form.querySelector("[data-rehearsed]");
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const button = form.querySelector("button[name=deed]");
    body.append("deed", button.value);
    if (hourTyped()) body.append("heure", hourTyped());
    else if (live) body.append("at", new Date(Date.now() + skew).toISOString());
    try {
      const answer = await fetch(`${address}essai.json`, {
        method: "POST", body, headers: { "X-CSRFToken": token }, signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok || !form.isConnected) return;
      const said = await answer.json();
      place.textContent = said.refused || said.sentence;
      place.classList.toggle("no", Boolean(said.refused));
    } catch { place.textContent = ""; }
  }

  // Who gives his pouvoir is not there.
  function absent(select) {
    const box = select.value && board.querySelector(`[name="etat:${select.name.split(":")[1]}"][value=absent]`);
    if (box) box.checked = true;
  }

  function counted() {
    const place = board.querySelector("[data-present]");
    if (place) place.textContent = board.querySelectorAll("[value=present]:checked").length;
  }

  // Who voted what does not stay on the laptop once the sitting is closed.
  function sweep() {
    Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)).forEach((key) => localStorage.removeItem(key));
  }

  function ready() {
    if (board.querySelector("[data-closed]")) sweep();
    board.querySelectorAll("form[data-entry]").forEach((form) => {
      restore(form);
      let later = 0;
      form.addEventListener("input", (event) => {
        if (event.target.name.startsWith("pouvoir:")) absent(event.target);
        draft(form);
        counted();
        if (!("rehearse" in form.dataset)) return;
        clearTimeout(later);
        later = setTimeout(() => rehearse(form), 350);
      });
    });
    const all = board.querySelector("[data-all-present]");
    if (all) {
      all.hidden = false;
      all.addEventListener("click", () => {
        board.querySelectorAll("[value=present]").forEach((one) => { one.checked = true; });
        draft(all.closest("form"));
        counted();
      });
    }
    counted();
  }

  floor.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(event.target, event.submitter);
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
    const found = board.querySelector(`[data-key="${event.key}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.tagName === "SUMMARY") {
      found.parentElement.open = true;
      (found.parentElement.querySelector("input") || found).focus();
    } else found.click();
  });
  floor.querySelector("[data-aside] button").addEventListener("click", () => {
    localStorage.removeItem(`${KEY}:refused`);
    tellAside();
  });
  // Without a script each form has an hour of its own; with it, one serves for all.
  floor.querySelectorAll("[data-scripted]").forEach((one) => { one.hidden = false; });
  addEventListener("online", send);
  setInterval(() => { send(); ask(); }, 2500);
  ready();
  tell();
  send();
})();
