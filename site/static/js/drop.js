// The drop zone: several files, one request each, a bar for each, and the question of a file already there.
const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

// Direction marks and control characters would show another name than the file's.
const shown = (name) => name.replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, "");

async function attached(url) {
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token(), Accept: "application/json" }, credentials: "same-origin" });
  return answer.ok ? (await answer.json()).message : "Le fichier n’a pas pu être joint. Rechargez la page, puis recommencez.";
}

function drop() {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const rows = document.querySelector(".drop-rows");
  const zone = form.querySelector(".drop");
  const input = form.querySelector("input[type=file]");
  const count = document.querySelector(".drop-count");
  const icon = (name) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawn.setAttribute("class", "icon");
    drawn.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${form.dataset.icons}#${name}`);
    drawn.append(use);
    return drawn;
  };
  const megabytes = (octets) => (octets / 1e6).toLocaleString("fr", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const line = (name) => {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("strong"), { textContent: name }));
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", `Dépôt de ${name}`);
    row.append(bar, Object.assign(document.createElement("p"), { className: "hint", textContent: "En attente de son tour." }));
    rows.append(row);
    return { row, bar };
  };
  const say = (row, text, wrong) => {
    row.querySelector("progress")?.remove();
    row.querySelectorAll("p").forEach((one) => one.remove());
    const line = Object.assign(document.createElement("p"), { className: wrong ? "error" : "done" });
    line.append(icon(wrong ? "warning" : "check"), text);
    row.append(line);
    row.classList.toggle("wrong", Boolean(wrong));
  };
  // What was done, what was left out of a mail, and the way to its draft.
  const told = (row, answer) => {
    say(row, answer.message, !answer.ok);
    row.querySelector("strong").textContent = answer.name || row.querySelector("strong").textContent;
    if (answer.report?.length) {
      const lines = Object.assign(document.createElement("ul"), { className: "report" });
      lines.append(...answer.report.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
      row.append(lines);
    }
    if (answer.draft_url) row.append(Object.assign(document.createElement("a"), { href: answer.draft_url, textContent: "Relire le brouillon" }));
  };
  const ask = (row, answer, file) => {
    say(row, answer.message);
    const choose = (label, act) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: "button button-secondary" });
      button.addEventListener("click", () => { row.querySelectorAll("button").forEach((one) => one.remove()); act(); });
      row.append(button);
    };
    choose("Joindre celui-là", async () => say(row, await attached(answer.attach_url)));
    choose("Garder les deux", () => send(file, row, true));
  };
  const progress = (bar, event) => {
    if (!bar || !event.lengthComputable) return;
    bar.value = (100 * event.loaded) / event.total;
    bar.nextElementSibling.textContent = event.loaded < event.total
      ? `${megabytes(event.loaded)} sur ${megabytes(event.total)}\u00a0Mo envoyés. Gardez cette page ouverte.`
      : "Envoyé\u00a0: le fichier est vérifié.";
  };
  const send = (file, known, both) => new Promise((done) => {
    const { row, bar } = known instanceof HTMLElement ? { row: known, bar: null } : known;
    const data = new FormData();
    data.append("file", file);
    if (both) data.append("garder_les_deux", "1");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => progress(bar, event));
    request.addEventListener("loadend", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* the server or the network is gone */ }
      if (!answer) say(row, "Le fichier n’est pas arrivé. Vérifiez le réseau, puis recommencez.", true);
      else if (answer.duplicate) ask(row, answer, file);
      else told(row, answer);
      done();
    });
    request.send(data);
  });
  const after = (more) => {
    if (more) return "Gardez cette page ouverte jusqu’au dernier.";
    if (rows.querySelector("button")) return "Une réponse vous est demandée ci-dessous.";
    const refused = rows.querySelectorAll(".wrong").length;
    if (refused) return refused > 1 ? `${refused} fichiers n’ont pas été pris\u00a0: la raison est sous leur nom.` : "Un fichier n’a pas été pris\u00a0: la raison est sous son nom.";
    return "Vous pouvez quitter cette page.";
  };
  // Every file has its line at once; the count above says where the whole stands.
  const sendAll = async (files) => {
    const lines = files.map((file) => line(shown(file.name)));
    let sent = 0;
    const say = () => { count.textContent = `${sent} sur ${files.length}. ${after(sent < files.length)}`; };
    count.hidden = false;
    say();
    for (const [place, file] of files.entries()) { await send(file, lines[place]); sent += 1; say(); }
    input.value = "";
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); sendAll([...input.files]); });
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); sendAll([...event.dataTransfer.files]); });
}

drop();
