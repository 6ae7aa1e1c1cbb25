"""Why Wagtail's editor no longer saves what a convocation has sent, and the ways out."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.locks import BaseLock

SITTING_CLOSED = (
    "La séance est convoquée : sa page ne change plus. Pour un point de plus, ouvrez un ordre du jour complémentaire ; pour "
    "une autre date, convoquez une autre séance."
)
ITEM_CLOSED = (
    "Ce point est convoqué : il ne change plus. Remplacez une pièce ou corrigez son texte, chaque membre en est averti ; ou "
    "renvoyez le point à une autre séance."
)


OVER = "La séance a eu lieu : son dossier reste celui sur lequel le conseil s’est prononcé."


def why_closed(page: Any) -> str:
    """The sentence, with the ways out that are still open. `page`: a convened sitting, or one of its items."""
    item = page._meta.model_name == "agendaitempage"
    sitting = page.get_parent().specific if item else page
    if sitting.starts_at <= timezone.now():
        return OVER
    return ITEM_CLOSED if item else SITTING_CLOSED


class Convened(BaseLock):
    """On a sitting that is convened, and on its items: for everybody, administrators too."""

    def for_user(self, user: Any) -> bool:
        """Everybody."""
        return True

    def get_message(self, user: Any) -> SafeString:
        """The sentence, and where its ways out are."""
        words = why_closed(self.object)
        if words == OVER:
            return format_html("{}", words)
        return format_html('{} <a href="/p/{}/#changer">Voir comment faire</a>', words, self.object.pk)

    def get_locked_by(self, user: Any) -> str:
        """Beside the title of the editor."""
        return "Convoqué"

    def get_description(self, user: Any) -> str:
        """As above."""
        return "Personne ne modifie ce qui est parti avec la convocation."
