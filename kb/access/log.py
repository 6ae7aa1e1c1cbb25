"""How the audit log says a change of rights."""

from typing import Any

from wagtail.log_actions import LogFormatter

SENTENCES = {
    "kb.access.give": ("Donner un droit", "Droit de {grantee} : {before} → {after}"),
    "kb.access.end": ("Retirer un droit", "Droit de {grantee} retiré : {before} → {after}"),
    "kb.access.reserve": ("Réserver l’accès", "Accès réservé"),
    "kb.access.reopen": ("Rouvrir l’accès", "Accès rouvert"),
    "kb.access.ask": ("Demander l’accès", "Accès demandé pour {who}"),
    "kb.access.ask.given": ("Accorder un accès", "Demande de {who} accordée"),
    "kb.access.ask.refused": ("Refuser un accès", "Demande de {who} refusée"),
    "kb.person.seen_as": ("Voir comme quelqu’un", "Site vu comme cette personne"),
    "kb.link.send": ("Envoyer le lien", "Lien envoyé à {to}"),
}


class AccessFormatter(LogFormatter):
    """The change, who held what before and after, and the reason."""

    sentence = ""

    def format_message(self, log_entry: Any) -> str:
        """In French, one line."""
        data = log_entry.data
        words = self.sentence.format_map({"grantee": "", "before": "", "after": "", "who": "", "to": "", **data})
        return f"{words}. Raison : {data['why']}" if data.get("why") else words


def register(actions: Any) -> None:
    """Declares the actions."""
    for code, (label, sentence) in SENTENCES.items():
        actions.register_action(code)(
            type("Formatter", (AccessFormatter,), {"label": label, "message": label, "sentence": sentence})
        )
