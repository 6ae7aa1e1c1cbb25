"""How the audit log says what circuits did."""

from typing import Any

from wagtail.log_actions import LogFormatter

SENTENCES = {
    "kb.moderation.direct": ("Publier sans circuit", "Publiée par un responsable, sans passer par le circuit"),
    "kb.moderation.circuit": ("Changer de circuit", "Circuit de relecture : {before} → {after}"),
    "kb.moderation.passed": ("Passer une étape", "Étape passée à la place de {instead_of} : {why}"),
}


class CircuitFormatter(LogFormatter):
    """One line, in French."""

    sentence = ""

    def format_message(self, log_entry: Any) -> str:
        """The sentence, with the circuits named."""
        return self.sentence.format_map({"before": "", "after": "", "instead_of": "", "why": "", **log_entry.data})


def register(actions: Any) -> None:
    """Declares the actions."""
    for code, (label, sentence) in SENTENCES.items():
        actions.register_action(code)(
            type("Formatter", (CircuitFormatter,), {"label": label, "message": label, "sentence": sentence})
        )
