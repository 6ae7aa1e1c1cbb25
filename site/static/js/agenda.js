// The order of an agenda by dragging, with a mouse or a finger. « Monter » and « Descendre » do the same without it.
const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

document.querySelectorAll("[data-agenda]").forEach((list) => {
  const items = () => [...list.querySelectorAll(":scope > [data-item]")];
  if (items().length < 2) return;

  const number = () => items().forEach((item, place) => { item.querySelector(".when").firstChild.data = String(place + 1); });

  async function send(item) {
    const body = new URLSearchParams({ item: item.dataset.item, number: String(items().indexOf(item) + 1) });
    const headers = { "X-CSRFToken": token(), Accept: "application/json" };
    const answer = await fetch(list.dataset.agenda, { method: "POST", body, headers, credentials: "same-origin" });
    if (!answer.ok) window.location.reload(); // shows the order that stands, and why
  }

  function follow(item, handle, start) {
    const before = items().indexOf(item);
    const move = (event) => {
      const over = items().find((other) => {
        const box = other.getBoundingClientRect();
        return other !== item && event.clientY > box.top && event.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      const below = event.clientY > box.top + box.height / 2;
      const after = item.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (Boolean(after) !== below) return;
      // The others pass it: an element that is moved itself loses the pointer.
      let passed = null;
      while (passed !== over) {
        passed = after ? item.nextElementSibling : item.previousElementSibling;
        if (after) item.before(passed);
        else item.after(passed);
      }
      number();
    };
    const drop = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", drop);
      handle.removeEventListener("pointercancel", drop);
      item.classList.remove("dragged");
      if (items().indexOf(item) !== before) send(item);
    };
    handle.setPointerCapture(start.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", drop);
    item.classList.add("dragged");
  }

  items().forEach((item) => {
    const handle = document.createElement("span");
    handle.className = "drag-handle no-print";
    handle.setAttribute("aria-hidden", "true"); // who does not see it has the two buttons
    handle.title = "Glisser pour changer l’ordre";
    item.querySelector(".when").append(handle);
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      follow(item, handle, event);
    });
  });
});
