"""The papers of the maire's decisions: the decision to sign, the report to the council."""

from typing import Any

from django.template.loader import render_to_string

from council.agenda.models import SittingPage
from council.decisions import queries
from council.decisions.models import Decision
from council.decisions.points import POINTS
from kb.exchange import pdf
from kb.exchange.printing import Printed
from kb.people.models import Town
from kb.typography import day, moment

SHEETS = ("paper.css", "convening.css", "acts.css")


def printed(template: str, title: str, **more: Any) -> bytes:
    """One of the room's papers. Raises kb.exchange.pdf.PdfUnavailable."""
    html = render_to_string(
        f"council/decisions/paper/{template}.html", {"town": Town.current(), "title": title, **more}
    )
    return pdf.pdf(Printed(title, html), sheets=SHEETS)


def to_sign(decision: Decision) -> bytes:
    """The decision as it is signed; without a number it says that it is a draft."""
    title = f"Décision du maire {decision.number}" if decision.number else "Projet de décision du maire"
    return printed(
        "decision",
        title,
        decision=decision,
        instance=decision.instance.name,
        taken_on=day(decision.taken_on),
        delegation=delegation_line(decision),
        quality=decision.quality or decision.signer.office,
    )


def delegation_line(decision: Decision) -> str:
    """« délibération 2026-03-04 du 28 mars 2026, art. L2122-22, 4° Marchés publics et avenants »."""
    if decision.delegation is None:
        return ""
    since = day(decision.delegation.since)
    point = POINTS.get(decision.point or 0, "")
    return f"délibération {decision.delegation.deliberation} du {since}, art. L2122-22" + (
        f", {point}" if point else ""
    )


def report_rows(sitting: SittingPage, person: Any) -> list[dict[str, str]]:
    """The lines of the report that the person may read, in order of date."""
    return [
        {
            "number": one.number or "",
            "on": day(one.taken_on),
            "subject": one.subject,
            "delegation": delegation_line(one),
            "signer": f"{one.signer}, {one.quality}",
        }
        for one in queries.reported_to(sitting, person)
    ]


def report(sitting: SittingPage, person: Any) -> bytes:
    """« Compte rendu des décisions prises par délégation » (L2122-23)."""
    return printed(
        "report",
        "Compte rendu des décisions prises par délégation",
        rows=report_rows(sitting, person),
        instance=sitting.instance.name,
        when=moment(sitting.starts_at),
    )
