// Starts Wagtail's widgets without inline scripts: <template data-controller="st-start" …> says what to call.
(() => {
  const named = (path) => path.split(".").reduce((place, step) => (place == null ? undefined : place[step]), window);

  class Start extends window.StimulusModule.Controller {
    static values = { name: String, arguments: Array, calls: Boolean };

    connect() {
      if (this.element.dataset.started) return; // an inline row that was moved keeps its widget
      this.attempt(100);
    }

    // A widget's own script may come later in the page, or with the modal that holds the widget.
    attempt(left) {
      const found = named(this.nameValue);
      if (typeof found === "function") {
        this.element.dataset.started = "yes";
        if (this.callsValue) found(...this.argumentsValue);
        else new found(...this.argumentsValue);
      } else if (left > 0 && this.element.isConnected) {
        setTimeout(() => this.attempt(left - 1), 50);
      }
    }
  }
  window.wagtail.app.register("st-start", Start);
})();
