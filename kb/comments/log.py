"""How the audit log says what happens to comments."""

from typing import Any

from wagtail.log_actions import LogFormatter

SENTENCES = {
    "kb.comment.write": ("Commenter", "Commentaire n° {comment} écrit"),
    "kb.comment.answer": ("Répondre à un commentaire", "Réponse au commentaire n° {comment}"),
    "kb.comment.resolve": ("Résoudre un commentaire", "Commentaire n° {comment} résolu"),
    "kb.comment.reopen": ("Rouvrir un commentaire", "Commentaire n° {comment} rouvert"),
    "kb.comment.edit": ("Reprendre un commentaire", "Commentaire n° {comment} : texte repris par son auteur"),
    "kb.comment.withdraw": ("Retirer un commentaire", "Commentaire n° {comment} : texte retiré par son auteur"),
    "kb.comment.open": ("Ouvrir un commentaire aux lecteurs", "Commentaire n° {comment} ouvert aux lecteurs"),
    "kb.comment.close": ("Fermer un commentaire aux lecteurs", "Commentaire n° {comment} fermé aux lecteurs"),
    "kb.draft.invite": ("Inviter à relire le brouillon", "{person} peut relire le brouillon"),
    "kb.draft.end": ("Fin d’une invitation à relire", "{person} ne relit plus le brouillon"),
}


class CommentFormatter(LogFormatter):
    """One line, in French."""

    sentence = ""

    def format_message(self, log_entry: Any) -> str:
        """The sentence, with the comment's number or the person's name."""
        return self.sentence.format_map({"comment": "", "person": "", **log_entry.data})


def register(actions: Any) -> None:
    """Declares the actions."""
    for code, (label, sentence) in SENTENCES.items():
        actions.register_action(code)(
            type("Formatter", (CommentFormatter,), {"label": label, "message": label, "sentence": sentence})
        )
