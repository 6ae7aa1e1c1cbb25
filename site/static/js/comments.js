// Comments: what is being typed is kept in this tab until it is sent, and one is told when the end is near.
(() => {
  const keyOf = (form) => `comment:${location.pathname}:${form.dataset.commentForm}`;
  const NEAR = 400;

  function kept(form) {
    const text = form.querySelector("textarea");
    const count = form.querySelector(".count");
    const tell = () => {
      const left = text.maxLength - text.value.length;
      count.textContent = left > NEAR ? "" : `Encore ${left} caractère${left > 1 ? "s" : ""}.`;
    };
    const before = sessionStorage.getItem(keyOf(form));
    if (before && !text.value) {
      text.value = before;
      for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    }
    tell();
    text.addEventListener("input", () => {
      tell();
      if (text.value) sessionStorage.setItem(keyOf(form), text.value);
      else sessionStorage.removeItem(keyOf(form));
    });
    form.addEventListener("submit", () => sessionStorage.setItem("comment:sent", keyOf(form)));
  }

  // The page that answers a form that was sent: a message says that it is done, and what was kept may go.
  function sent() {
    const key = sessionStorage.getItem("comment:sent");
    if (!key) return;
    sessionStorage.removeItem("comment:sent");
    if (document.querySelector(".message-success")) sessionStorage.removeItem(key);
  }

  // One who opens a place to comment it means to write.
  function ready() {
    document.querySelectorAll(".comments, .answer").forEach((fold) =>
      fold.addEventListener("toggle", () => {
        const text = fold.querySelector(":scope > form textarea, :scope > .comments-panel > form textarea");
        if (fold.open && text && fold.contains(document.activeElement)) text.focus();
      }));
  }

  sent();
  document.querySelectorAll("[data-comment-form]").forEach(kept);
  ready();
})();
