"""The papers of a sitting run without a screen, typed the next morning with their real times."""

from django.template.loader import render_to_string

from council.agenda import queries as agenda
from council.agenda.enums import DECIDED, ItemKind
from council.agenda.models import AgendaItemPage, SittingPage
from council.agenda.queries import meeting_day, quorum_sentence
from council.members.queries import in_office
from kb.exchange import pdf
from kb.exchange.printing import Printed
from kb.people.models import Town
from kb.permissions import Viewer
from kb.typography import day, moment

SHEETS = ("paper.css", "floor-paper.css")


def blank(sitting: SittingPage, viewer: Viewer) -> bytes:
    """Roll call, comings and goings, a grid per item that the person may see. Raises PdfUnavailable."""
    mandates = list(in_office(sitting.instance, meeting_day(sitting)))
    title = f"Feuille de séance, {day(sitting.starts_at)}"
    rows = [row for row in agenda.agenda(viewer, sitting) if row["on"]]
    kinds = dict(AgendaItemPage.objects.filter(pk__in=[row["id"] for row in rows]).values_list("pk", "item_kind"))
    context = {
        "town": Town.current(),
        "title": title,
        "instance": sitting.instance.name,
        "when": moment(sitting.starts_at),
        "place": sitting.place or sitting.instance.place,
        "members": [str(one) for one in mandates],
        "quorum": quorum_sentence(sitting, len(mandates)),
        "groups": _groups([one.list_name for one in mandates]),
        "items": [
            row | {"votes": kinds[row["id"]] in DECIDED, "appointment": kinds[row["id"]] == ItemKind.APPOINTMENT}
            for row in rows
        ],
    }
    html = render_to_string("council/floor/blank.html", context)
    return pdf.pdf(Printed(title, html), sheets=SHEETS)


def _groups(names: list[str]) -> list[str]:
    """Each group once, in the order of the table; who has none, last."""
    groups = list(dict.fromkeys(name for name in names if name))
    return groups if all(names) else [*groups, "Sans groupe"]
