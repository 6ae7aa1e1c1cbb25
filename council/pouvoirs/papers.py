"""The pouvoir given on screen, as a dated tagged PDF: for who presides, and for the register."""

from django.db import transaction
from django.template.loader import render_to_string

from council.convening.models import KeptPaper
from council.convening.papers import kept
from council.pouvoirs.models import Pouvoir
from kb.exchange import pdf
from kb.exchange.printing import Printed
from kb.people.models import Town
from kb.typography import day, moment

SHEETS = ("paper.css", "convening.css")


def paper_of(pouvoir: Pouvoir) -> KeptPaper:
    """Its scan, or its PDF: made from the row the first time it is asked for, then always the same bytes.

    Raises kb.exchange.pdf.PdfUnavailable.
    """
    if pouvoir.paper is not None:
        return pouvoir.paper
    data = _printed(pouvoir)
    with transaction.atomic():
        # Two may make it at once: the first stands, and both give its bytes.
        locked = Pouvoir.objects.select_for_update(of=("self",)).select_related("paper").get(pk=pouvoir.pk)
        if locked.paper is None:
            locked.paper = kept(f"Pouvoir {pouvoir.giver} {pouvoir.given_on.isoformat()}.pdf", "application/pdf", data)
            locked.paper.save()
            locked.save(update_fields=["paper"])
    pouvoir.paper = locked.paper
    return locked.paper


def _printed(pouvoir: Pouvoir) -> bytes:
    sitting = pouvoir.sitting
    title = f"Pouvoir de {pouvoir.giver} à {pouvoir.holder}"
    context = {
        "title": title,
        "town": Town.current(),
        "instance": sitting.instance.name,
        "when": moment(sitting.starts_at),
        "place": sitting.place or sitting.instance.place,
        "giver": pouvoir.giver,
        "holder": pouvoir.holder,
        "given_on": day(pouvoir.given_on),
        "next_ones": pouvoir.sittings - 1,
        "confirmed_at": moment(pouvoir.noted_at),
        "reference": pouvoir.pk,
    }
    html = render_to_string("council/pouvoirs/paper/pouvoir.html", context)
    return pdf.pdf(Printed(title, html), sheets=SHEETS)
