// « Garder sur cet appareil », on a sitting; the list of what is kept, on its own screen.
const WHEN = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
const size = (bytes) => (bytes < 1e5 ? "" : `, ${(bytes / 1e6).toLocaleString("fr-FR", { maximumFractionDigits: 1 })}\u00a0Mo`);
const line = (row) => `Gardée le ${WHEN.format(row.since)}${size(row.bytes)}.`;
const able = () => "serviceWorker" in navigator && "caches" in window && window.isSecureContext;

async function register() {
  await navigator.serviceWorker.register("/travailleur.js");
  await navigator.serviceWorker.ready;
  if (navigator.storage?.persist) navigator.storage.persist();
}

function said(trouble) {
  if (trouble?.name === "QuotaExceededError") return "La place manque sur cet appareil. Retirez une séance gardée, ou emportez le dossier en PDF.";
  return "Le site n’a pas pu être joint jusqu’au bout. Rapprochez-vous du réseau, puis recommencez.";
}

async function onSitting(place) {
  const id = place.dataset.sitting;
  const [keep, remove] = place.querySelectorAll("button");
  const words = place.querySelector("[role=status]");
  const show = (row) => {
    keep.hidden = Boolean(row);
    remove.hidden = !row;
    words.textContent = row ? line(row) : "";
  };
  place.querySelector("[data-able]").hidden = !able();
  place.querySelector("[data-unable]").hidden = able();
  if (!able()) return;
  show((await offline.all("sittings")).find((row) => row.id === id));
  keep.addEventListener("click", async () => {
    keep.disabled = true;
    try {
      await register();
      const row = await offline.keep(id, (done, total) => { words.textContent = `${done} sur ${total}…`; });
      show(row);
      if (!row) words.textContent = "Cette séance ne peut pas être gardée : rouvrez sa page, puis recommencez.";
    } catch (trouble) { words.textContent = said(trouble); }
    keep.disabled = false;
    (keep.hidden ? remove : keep).focus();
  });
  remove.addEventListener("click", async () => {
    await offline.remove(id);
    show(null);
    words.textContent = "Retirée de cet appareil.";
    keep.focus();
  });
}

async function onScreen(place) {
  const list = place.querySelector("ul");
  const model = place.querySelector("template");
  const none = place.querySelector("[data-none]");
  const waits = place.querySelector("[data-waiting]");
  const noNetwork = place.querySelector("[data-no-network]");
  const draw = async () => {
    const rows = able() ? await offline.all("sittings") : [];
    const notes = able() ? (await offline.all("queue")).length : 0;
    list.replaceChildren(...rows.map((row) => {
      const item = model.content.cloneNode(true);
      const link = item.querySelector("a");
      link.href = `/p/${row.id}/`;
      link.textContent = row.title;
      item.querySelector("p").textContent = line(row);
      item.querySelector(".hidden-words").textContent = ` : ${row.title}`;
      item.querySelector("button").addEventListener("click", async () => { await offline.remove(row.id); await draw(); place.querySelector("h1").focus(); });
      return item;
    }));
    list.hidden = !rows.length;
    none.hidden = Boolean(rows.length);
    waits.hidden = !notes;
    waits.textContent = notes > 1 ? `${notes} notes attendent le réseau.` : "Une note attend le réseau.";
    noNetwork.hidden = navigator.onLine;
  };
  await draw();
  addEventListener("online", draw);
  addEventListener("offline", draw);
}

document.querySelectorAll("[data-offline]").forEach(onSitting);
document.querySelectorAll("[data-kept]").forEach(onScreen);
if (able()) {
  addEventListener("online", () => offline.sync());
  offline.sync().catch(() => {});
}
