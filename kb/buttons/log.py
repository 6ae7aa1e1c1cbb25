"""How the audit log says what became of a button."""

from typing import Any

from wagtail.log_actions import LogFormatter

SENTENCES = {
    "kb.button.give": ("Donner un bouton", "Bouton donné pour ouvrir {opens}"),
    "kb.button.end": ("Retirer un bouton", "Bouton retiré ({opens}) : {why}"),
    "kb.button.forget_devices": ("Oublier les appareils", "Appareils oubliés : chacun demandera un code"),
}


class ButtonFormatter(LogFormatter):
    """What it opens, and why it was ended."""

    sentence = ""

    def format_message(self, log_entry: Any) -> str:
        """In French, one line."""
        return self.sentence.format_map({"opens": "", "why": "", **log_entry.data})


def register(actions: Any) -> None:
    """Declares the actions."""
    for code, (label, sentence) in SENTENCES.items():
        actions.register_action(code)(
            type("Formatter", (ButtonFormatter,), {"label": label, "message": label, "sentence": sentence})
        )
