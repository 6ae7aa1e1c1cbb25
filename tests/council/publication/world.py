"""A council whose sitting was held, its délibérations, and the maire's decisions."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from council.decisions import operations as decisions
from council.decisions.models import Decision
from council.publication import operations
from council.publication.models import Act
from kb.exchange import pdf
from kb.exchange.printing import Printed
from tests.council.acts.conftest import Acts

TEXT = "Vu le code général des collectivités territoriales ;\n\nDécide :\n\nArticle 1er. La salle des fêtes est louée au comité des fêtes."
NAMING = (
    "Décide :\n\nArticle 1er. Une concession est accordée à Mme Jeanne Durand, demeurant 12 rue des Lilas, née le 4 mai 1950.\n\n"
    "Article 2. Mme Jeanne Durand règle la redevance."
)
AID = "Décide :\n\nArticle 1er. Un secours de 300 € est versé à M. Paul Petit."


def signed_pdf(text="Acte signé"):
    """A PDF whose text can be read."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    html = f'<!doctype html><html lang="fr"><head><title>Acte</title></head><body>{paragraphs}</body></html>'
    return pdf.pdf(Printed("Acte", html))


class Desk(Acts):
    """`decision` writes and takes one, `act` is what it becomes, `sign` brings its signed file back."""

    def __init__(self, council: Any) -> None:
        super().__init__(council)
        self.delegation = decisions.note_delegation(
            instance=council.instance,
            deliberation="2026-01-04",
            since=timezone.localdate() - timedelta(days=90),
            points=[4, 5, 8],
            until=None,
            by=self.secretary,
        )

    def draft(self, text=TEXT, *, subject="Location de la salle des fêtes", **fields) -> Decision:
        values = {"delegation": self.delegation, "point": 5, "matter": "3.3", "taken_on": timezone.localdate()}
        decision = Decision(
            instance=self.council.instance, subject=subject, text=text, signer=self.maire, **{**values, **fields}
        )
        return decisions.write(decision=decision, by=self.secretary)

    def act(self, text=TEXT, **fields) -> Act:
        return decisions.take(decision=self.draft(text, **fields), by=self.secretary).act

    def sign(self, act: Act, text: str = "") -> Act:
        data = signed_pdf(text or f"{act.subject}\n\n{getattr(act.source, 'text', '')}")
        operations.deposit_signed(act=act, data=data, file_name="scan.pdf", by=self.secretary)
        return Act.objects.get(pk=act.pk)

    def published(self, text=TEXT, **fields) -> Act:
        act = self.sign(self.act(text, **fields))
        operations.publish(act=act, up_on=timezone.localdate(), by=self.secretary)
        return act

    def sitting_acts(self) -> list[Act]:
        """Those of the délibérations of the whole sitting."""
        self.run()
        return list(Act.objects.filter(deliberation__isnull=False).order_by("deliberation__position"))
