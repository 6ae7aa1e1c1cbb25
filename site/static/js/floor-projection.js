// The screen of the room: asks for its small state every 3 seconds.
(() => {
  const place = document.querySelector("[data-projected]");
  if (!place) return;
  let version = place.dataset.version;

  async function ask() {
    try {
      const answer = await fetch(place.dataset.projected, { headers: { "If-None-Match": `"${version}"` }, cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const state = await answer.json();
      version = state.version;
      place.innerHTML = state.html;
    } catch { /* The network comes back: the next question says. */ }
  }

  setInterval(() => { if (!document.hidden) ask(); }, 3000);
})();
