// Private notes on an item. They are encrypted here, with a key made of a code that never leaves this device: the site
// keeps what it cannot read. See docs/adr/0008-private-notes.md.
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: nothing that one reads for another
const text = new TextEncoder();
const words = new TextDecoder();
const base64 = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
const bytesOf = (code) => Uint8Array.from(atob(code), (one) => one.charCodeAt(0));

function freshCode() {
  const drawn = crypto.getRandomValues(new Uint8Array(20)); // 32 letters: five bits of each byte, 100 in all
  return Array.from(drawn, (one) => LETTERS[one % 32]).join("").replace(/.{4}(?!$)/g, "$&-");
}

const plain = (code) => code.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");

async function keyOf(code, person) {
  const base = await crypto.subtle.importKey("raw", text.encode(plain(code)), "HKDF", false, ["deriveKey", "deriveBits"]);
  const how = (info) => ({ name: "HKDF", hash: "SHA-256", salt: text.encode(`notes ${person}`), info: text.encode(info) });
  const name = new Uint8Array(await crypto.subtle.deriveBits(how("name"), base, 64));
  const key = await crypto.subtle.deriveKey(how("seal"), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return { id: Array.from(name, (one) => one.toString(16).padStart(2, "0")).join(""), code, key, person, since: Date.now() };
}

// What else is sealed: a note moved to another item, or to another person, opens no more.
const about = (person, item, id) => text.encode(`${person}/${item}/${id}`);

async function seal(key, note, item, id) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: about(key.person, item, id) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key.key, text.encode(note)));
  return base64(new Uint8Array([...iv, ...sealed]));
}

async function unseal(key, row, item) {
  const bytes = bytesOf(row.sealed);
  const how = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData: about(key.person, item, row.client_id) };
  return words.decode(await crypto.subtle.decrypt(how, key.key, bytes.slice(12)));
}

async function onItem(place) {
  const { item, person, url } = place.dataset;
  const [list, form, codes] = [place.querySelector("ul"), place.querySelector("[data-write]"), place.querySelector("[data-code]")];
  const [model, box, status] = [place.querySelector("template"), form.querySelector("textarea"), place.querySelector("[role=status]")];
  const day = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  if (!window.isSecureContext || !("indexedDB" in window)) return;
  place.querySelector("[data-able]").hidden = false;
  await offline.belongsTo(person);
  const keys = async () => (await offline.all("keys")).sort((one, other) => other.since - one.since);

  // Those that the site has, those that wait here to be sent, less those taken back.
  async function rows() {
    const waiting = (await offline.all("queue")).filter((row) => row.item === item); // first: a note that leaves meanwhile is then in both
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    const sent = answer?.ok ? (await answer.json()).notes : [];
    const gone = new Set(waiting.filter((row) => row.removed).map((row) => row.client_id));
    const here = waiting.filter((row) => !row.removed);
    const known = new Set(here.map((row) => row.client_id));
    return [...sent.filter((row) => !known.has(row.client_id)), ...here.map((row) => ({ ...row, waits: true }))]
      .filter((row) => !gone.has(row.client_id)).sort((one, other) => one.written_at.localeCompare(other.written_at));
  }

  async function draw() {
    const known = await keys();
    let locked = false;
    const drawn = [];
    for (const row of await rows()) {
      const key = known.find((one) => one.id === row.key_id);
      const note = key ? await unseal(key, row, item).catch(() => null) : null;
      locked ||= note === null;
      const shown = model.content.cloneNode(true);
      shown.querySelector("[data-words]").textContent = note ?? "Note chiffrée avec un autre code.";
      shown.querySelector("[data-when]").textContent = day.format(new Date(row.written_at)) + (row.waits ? ", attend le réseau" : "");
      shown.querySelector("button").addEventListener("click", () => takeBack(row.client_id));
      drawn.push(shown);
    }
    list.replaceChildren(...drawn);
    list.hidden = !drawn.length;
    place.querySelector("[data-locked]").hidden = !locked;
    codes.hidden = !known.length;
    codes.querySelector("[data-letters]").textContent = known[0]?.code || "";
  }

  async function queue(row) {
    await offline.put("queue", { ...row, item, person });
    await offline.sync();
    await draw();
  }

  async function takeBack(id) {
    await queue({ client_id: id, removed: true });
    status.textContent = "Note retirée.";
    box.focus();
  }

  // The key of this device. The first note of all draws one; a person who has one elsewhere is asked for its code.
  async function ownKey() {
    const [own] = await keys();
    if (own) return own;
    const state = await offline.ask([]);
    if (state?.key && !place.dataset.fresh) return null;
    const key = await keyOf(freshCode(), person);
    await offline.put("keys", key);
    return key;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!box.value.trim()) { status.textContent = "La note est vide : écrivez-la, puis gardez-la."; box.focus(); return; }
    const key = await ownKey();
    if (!key) { status.textContent = "Vos notes ont déjà un code, noté sur un autre appareil : tapez-le d’abord."; place.querySelector("[data-locked]").hidden = false; return; }
    const id = crypto.randomUUID();
    const sealed = await seal(key, box.value.trim(), item, id);
    await queue({ client_id: id, key_id: key.id, sealed, written_at: new Date().toISOString() });
    box.value = "";
    const waits = (await offline.all("queue")).some((row) => row.client_id === id);
    status.textContent = waits ? "Note gardée sur cet appareil : elle partira avec le réseau." : "Note gardée.";
  });

  place.querySelector("[data-unlock]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = event.target.querySelector("input");
    const key = await keyOf(typed.value, person);
    const mine = (await rows()).some((row) => row.key_id === key.id) || (await offline.ask([]))?.key === key.id;
    if (!mine) { status.textContent = "Ce code n’ouvre aucune de vos notes : vérifiez-le, lettre par lettre."; typed.focus(); return; }
    await offline.put("keys", key);
    typed.value = "";
    await draw();
    status.textContent = "Vos notes sont ouvertes sur cet appareil.";
  });
  place.querySelector("[data-fresh-code]").addEventListener("click", () => {
    place.dataset.fresh = "1";
    place.querySelector("[data-locked]").hidden = true;
    status.textContent = "La prochaine note prendra un nouveau code. Les anciennes restent chiffrées avec le leur.";
    box.focus();
  });
  addEventListener("online", () => offline.sync().then(draw));
  await draw();
  await offline.sync();
  await draw();
}

document.querySelectorAll("[data-notes]").forEach(onItem);
