"""How the audit log says that something went to the trash, came back, or was emptied."""

from typing import Any

from wagtail.log_actions import LogFormatter

SENTENCES = {
    "kb.trash.delete": ("Supprimer", "Mis à la corbeille"),
    "kb.trash.restore": ("Restaurer", "Sorti de la corbeille"),
    "kb.trash.empty": ("Vider", "Vidé de la corbeille, pour de bon"),
}


class Sentence(LogFormatter):
    """What was done, to how many pages, and the reason."""

    sentence = ""

    def format_message(self, log_entry: Any) -> str:
        """In French, one line."""
        data = log_entry.data
        below = data.get("pages", 0) - 1
        words = self.sentence + (f" avec {below} page{'s' if below > 1 else ''} au-dessous" if below > 0 else "")
        words += f" : {data['what']}" if data.get("what") else ""
        return f"{words}. Raison : {data['why']}" if data.get("why") else words


def register(actions: Any, sentences: dict[str, tuple[str, str]] = SENTENCES) -> None:
    """Declares the actions."""
    for code, (label, sentence) in sentences.items():
        actions.register_action(code)(
            type("Formatter", (Sentence,), {"label": label, "message": label, "sentence": sentence})
        )
