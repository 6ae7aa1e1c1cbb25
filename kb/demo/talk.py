"""What people of the demo said of pages: beside a passage, a file, the page; answered, resolved, still waiting."""

from typing import Any, NamedTuple

from wagtail.models import Page

from kb.comments import operations, places
from kb.comments.models import CommentAnswer, PageComment
from kb.comments.places import PAGE, Place
from kb.demo.history import History, date_entries, last_entries
from kb.pages import presentation


class Remark(NamedTuple):
    """Who said what of which page, how many days ago; `block` counts from 0, `file` names an attachment."""

    page: str
    person: str
    age: int
    text: str
    block: int | None = None
    attachment: int | None = None
    answers: tuple[tuple[str, int, str], ...] = ()
    resolved_by: str = ""
    shown: bool = False


REMARKS = (
    Remark(
        "ecole", "sylvie", 9, "Les enseignantes demandent si la salle des Aulnes sera chauffée en février. Peut-on le promettre ?",
        block=2, answers=(("patrick", 8, "Oui : la chaudière de la salle a été remplacée. Je l’ajoute au texte."),),
    ),
    Remark("ecole", "didier", 6, "Le chantier bruyant durera trois semaines ou six ? Le texte ne le dit pas.", block=2),
    Remark("ecole", "bernard", 12, "Le total ne tient pas compte de la variante : est-ce voulu ?", attachment=1),
    Remark(
        "ecole", "nadia", 20, "Il manquait le nom de la coordinatrice parmi les personnes à joindre.",
        answers=(("patrick", 19, "Ajouté, merci."),), resolved_by="nadia",
    ),
    Remark(
        "led", "jean-luc", 15, "À quelle heure les lampadaires s’éteignent-ils le samedi ?", block=0,
        answers=(("patrick", 14, "À une heure, et jamais les soirs de fête."),), shown=True,
    ),
)  # fmt: skip


def keep(history: History) -> None:
    """Writes the remarks, from the oldest to the newest."""
    for remark in sorted(REMARKS, key=lambda remark: -remark.age):
        _write(history, remark)


def _write(history: History, remark: Remark) -> None:
    last = last_entries()
    page = Page.objects.get(pk=history.pages[remark.page].pk)
    content = presentation.content_of(page.specific, revision_id=page.live_revision_id)
    place = _place(remark, content)
    said = operations.write(
        page=page, text=remark.text, by=history.people[remark.person], place=place, quote=places.quote(place, content)
    )
    at = history.when.moment(-remark.age, f"{remark.person} says {remark.text}")
    PageComment.objects.filter(pk=said.pk).update(written_at=at, state_at=at)
    for person, age, text in remark.answers:
        answer = operations.answer(comment=said, text=text, by=history.people[person])
        CommentAnswer.objects.filter(pk=answer.pk).update(written_at=history.when.moment(-age, f"{person} says {text}"))
    if remark.resolved_by:
        operations.resolve(comment=said, by=history.people[remark.resolved_by])
        PageComment.objects.filter(pk=said.pk).update(state_at=at)
    if remark.shown:
        operations.show_to_readers(comment=said, shown=True, by=history.people["patrick"])
    date_entries(last, at)


def _place(remark: Remark, content: Any) -> Place:
    if remark.block is not None:
        return Place(block=content.body.blocks[remark.block])
    if remark.attachment is not None:
        return Place(document=content.attachments[remark.attachment]["document_id"])
    return PAGE
