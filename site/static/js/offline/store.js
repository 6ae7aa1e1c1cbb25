// What is kept on this device to be read without a network. Shared by the pages and the worker; it draws nothing.
// A sitting is one cache (« seance-12 ») and one row that says whose it is, since when, and each address at its version.
const offline = (() => {
  const CACHE = "seance-";
  let opened = null;
  let running = null; // one contact at a time

  function database() {
    opened ||= new Promise((done, fail) => {
      const asked = indexedDB.open("hors-ligne", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("sittings", { keyPath: "id" });
        asked.result.createObjectStore("queue", { keyPath: "client_id" });
        asked.result.createObjectStore("keys", { keyPath: "id" });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => { opened = null; fail(asked.error); };
    });
    return opened;
  }

  async function act(store, mode, deed) {
    const base = await database();
    return new Promise((done, fail) => {
      const turn = base.transaction(store, mode);
      const asked = deed(turn.objectStore(store));
      turn.oncomplete = () => done(asked.result);
      turn.onerror = turn.onabort = () => fail(turn.error);
    });
  }

  const all = (store) => act(store, "readonly", (rows) => rows.getAll());
  const put = (store, row) => act(store, "readwrite", (rows) => rows.put(row));
  const drop = (store, key) => act(store, "readwrite", (rows) => rows.delete(key));
  const clear = (store) => act(store, "readwrite", (rows) => rows.clear());

  // Nothing of anybody is left: not the pages, not the keys of notes, not the notes that wait.
  async function emptied(stores = ["sittings", "queue", "keys"]) {
    for (const name of await caches.keys()) if (name.startsWith(CACHE)) await caches.delete(name);
    for (const store of stores) await clear(store);
  }

  // The person leaves. A note that the site could not take stays sealed, without its key: it leaves at his next contact,
  // and goes if somebody else comes first (belongsTo).
  const left = () => emptied(["sittings", "keys"]);

  // What the site still allows: its answer, null where it cannot be reached; who is signed in no more is emptied.
  async function ask(ids) {
    let answer;
    try {
      answer = await once(ids);
      if (answer.type === "opaqueredirect") answer = await once(ids); // a button that was ended: the first question closes its session
    } catch { return null; }
    if (answer.status === 401 || answer.status === 404) await left();
    return answer.ok ? answer.json() : null;
  }

  const once = (ids) => fetch(`/hors-ligne/etat.json?seances=${ids.join(",")}`, {
    credentials: "same-origin", cache: "no-store", redirect: "manual", headers: { Accept: "application/json" },
  });

  const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

  // The drawings and pictures that a page shows. A worker has no parser of HTML.
  function shown(html) {
    const found = [...html.matchAll(/<(?:link|script|img|use)\b[^>]*?\s(?:href|src)="(\/[^"#]+)/g)].map((match) => match[1]);
    return [...new Set(found)].filter((url) => /^\/(static|images)\/|\/vignette\/$/.test(url));
  }

  async function fetched(url) {
    const answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
    return answer;
  }

  // One address into the cache, at all its names. A file whose bytes are not those announced is refused.
  async function take(cache, entry) {
    const answer = await fetched(entry.url);
    if (entry.kind === "file") {
      const bytes = await answer.clone().arrayBuffer();
      if (hex(await crypto.subtle.digest("SHA-256", bytes)) !== entry.version) throw new Error(`${entry.url}: other bytes`);
    }
    for (const url of [entry.url, ...entry.also]) await cache.put(url, answer.clone());
    if (entry.kind !== "page") return;
    for (const url of shown(await answer.text())) {
      if (!(await cache.match(url, { ignoreVary: true }))) await fetched(url).then((one) => cache.put(url, one)).catch(() => {});
    }
  }

  async function forget(cache, row, url) {
    for (const name of [url, ...(row.names[url] || [])]) await cache.delete(name, { ignoreVary: true });
    delete row.versions[url];
    delete row.names[url];
  }

  // A sitting as the site lists it now: what changed is taken again, what is listed no more goes.
  async function settle(id, told, person, tell) {
    const known = (await all("sittings")).find((row) => row.id === id);
    const row = known || { id, since: Date.now(), versions: {}, names: {} };
    const cache = await caches.open(CACHE + id);
    const listed = new Set(told.entries.map((entry) => entry.url));
    for (const url of Object.keys(row.versions)) if (!listed.has(url)) await forget(cache, row, url);
    let done = 0;
    for (const entry of told.entries) {
      if (row.versions[entry.url] !== entry.version) {
        await take(cache, entry);
        row.versions[entry.url] = entry.version;
        row.names[entry.url] = entry.also;
      }
      done += 1;
      if (tell) tell(done, told.entries.length);
    }
    Object.assign(row, { title: told.title, person, bytes: told.entries.reduce((sum, entry) => sum + (entry.size || 0), 0) });
    await put("sittings", row);
    return row;
  }

  // « Garder sur cet appareil ». Answers its row, or null where the site does not allow it or cannot be reached.
  async function kept(id, tell) {
    const state = await ask([id]);
    if (!state) return null;
    await belongsTo(state.person);
    const told = state.sittings[id];
    if (!told) return null;
    try {
      return await settle(id, told, state.person, tell);
    } catch (trouble) {
      if (!(await all("sittings")).some((row) => row.id === id)) await caches.delete(CACHE + id);
      throw trouble;
    }
  }

  // Whatever is here and is another person's goes first.
  async function belongsTo(person) {
    const rows = [...(await all("sittings")), ...(await all("queue")), ...(await all("keys"))];
    if (rows.some((row) => row.person !== person)) await emptied();
  }

  async function removed(id) {
    await caches.delete(CACHE + id);
    await drop("sittings", id);
  }

  // A contact with the site: what was lost by right goes, what changed comes, the notes that wait leave.
  function sync() {
    running ||= alone(contact).finally(() => { running = null; });
    return running;
  }

  async function contact() {
    const rows = await all("sittings");
    const waiting = await all("queue");
    if (!rows.length && !waiting.length && !(await all("keys")).length) return;
    const state = await ask(rows.map((row) => row.id));
    if (!state) return;
    await belongsTo(state.person);
    await send(state.csrf);
    for (const row of await all("sittings")) {
      const told = state.sittings[row.id];
      if (!told) await removed(row.id);
      else await settle(row.id, told, state.person).catch(() => {}); // the network left again: next time
    }
  }

  // The notes that wait. The site takes each once; a point that was lost by right takes its notes with it.
  async function send(csrf) {
    for (const note of await all("queue")) {
      let answer;
      try {
        answer = await fetch(`/p/${note.item}/notes/`, {
          method: "POST", credentials: "same-origin", redirect: "manual", body: JSON.stringify(note),
          headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
        });
      } catch { return; }
      if (answer.ok || answer.status === 404) await drop("queue", note.client_id);
    }
  }

  // One at a time, whatever page or worker asks: a contact that was running would put back what is being removed.
  const alone = (deed) => (navigator.locks ? navigator.locks.request("hors-ligne", deed) : deed());
  const keep = (id, tell) => alone(() => kept(id, tell));
  const remove = (id) => alone(() => removed(id));
  const leave = () => alone(left);

  return { all, put, ask, keep, remove, leave, sync, send, belongsTo, CACHE };
})();
