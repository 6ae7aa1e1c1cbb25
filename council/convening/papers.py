"""The papers of a convocation, as tagged PDF: what travels, what is printed for a hand or for the door."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from council.agenda.models import SittingPage, SittingRecord
from council.calendars import events
from council.calendars.writing import calendar
from council.convening import queries
from council.convening.models import Convocation, KeptPaper, SentPaper, Signature
from council.convening.queries import last_signature, signature_line
from council.frozen.models import ChangeKind, PaperChange
from council.frozen.queries import announced, as_changed_by, moment_of, standing
from council.members.queries import letterhead
from kb.exchange import office, pdf
from kb.exchange.models import Format
from kb.exchange.printing import Printed
from kb.people.models import Town
from kb.typography import day, moment

Code = SentPaper.Code
SHEETS = ("paper.css", "convening.css")
TITLES = {Code.CONVOCATION: "Convocation", Code.NOTES: "Notes de synthèse"}


def printed(template: str, sitting: SittingPage, title: str, **more: Any) -> bytes:
    """One of the room's templates on paper. Raises kb.exchange.pdf.PdfUnavailable."""
    context = {**facts(sitting), "title": title, **more}
    return pdf.pdf(Printed(title, render_to_string(f"council/convening/paper/{template}.html", context)), sheets=SHEETS)


def facts(sitting: SittingPage) -> dict[str, Any]:
    """What every paper says of a sitting."""
    record = SittingRecord.objects.filter(page=sitting.pk).first()
    signature = last_signature(sitting)
    return {
        "town": Town.current(),
        "instance": sitting.instance.name,
        "kind": str(sitting.get_sitting_kind_display()),
        "when": moment(sitting.starts_at),
        "place": sitting.place or sitting.instance.place,
        "sent_on": day(record.sent_on) if record and record.sent_on else "",
        **_signed(signature),
        "items": announced(sitting),
    }


def _signed(signature: Signature | None) -> dict[str, str]:
    return {
        "signed_by": str(signature.mandate) if signature else "",
        "quality": signature.quality if signature else "",
        "signature": signature_line(signature) if signature else "",
    }


# What travels.


def sent_paper(sitting: SittingPage, code: Code) -> SentPaper:
    """The file joined to every mail: made from what was frozen, once, then always the same bytes."""
    found = SentPaper.objects.filter(sitting=sitting, code=code, change=None).first()
    if found:
        return found
    data = printed(str(code), sitting, f"{TITLES[code]}, {day(sitting.starts_at)}")
    values = {
        "file_name": f"{TITLES[code]} {timezone.localdate(sitting.starts_at).isoformat()}.pdf",
        "data": data,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    # Two workers may make it at once: the first row stands, and both send its bytes.
    return SentPaper.objects.get_or_create(sitting=sitting, code=code, change=None, defaults=values)[0]


def convocation_docx(sitting: SittingPage) -> bytes:
    """The convocation as Word, dressed by the instance's own model where it has one. Raises sandbox.SandboxError."""
    title = f"{TITLES[Code.CONVOCATION]}, {day(sitting.starts_at)}"
    html = render_to_string("council/convening/paper/convocation.html", {**facts(sitting), "title": title})
    paper = Printed(title, html)
    if model := letterhead(sitting.instance, Format.DOCX):
        return office.dressed(paper, Format.DOCX, model)
    town = Town.current().name
    return office.docx(paper, office.Around(header=f"{town} – {sitting.instance}", footer=town))


def travelling(sitting: SittingPage) -> list[SentPaper]:
    """The convocation, and the notes where the law wants them with it."""
    codes = [Code.CONVOCATION, *([Code.NOTES] if queries.law_of(sitting).notes else [])]
    return [sent_paper(sitting, code) for code in codes]


def travelling_with(change: PaperChange) -> list[SentPaper]:
    """What a change since the convocation brings: the agenda that it adds, and the notes where the law wants them."""
    return [_paper_of(change, code) for code in codes_of(change)]


def codes_of(change: PaperChange) -> list[Code]:
    """Which papers those are."""
    notes = [Code.NOTES] if queries.law_of(change.sitting).notes and change.kind != ChangeKind.REPLACED else []
    return [*([Code.CONVOCATION] if change.kind == ChangeKind.ADDED else []), *notes]


def title_of(change: PaperChange, code: Code) -> str:
    """« Ordre du jour complémentaire », « Notes de synthèse »."""
    return str(ChangeKind(change.kind).label) if code == Code.CONVOCATION else TITLES[code]


def _paper_of(change: PaperChange, code: Code) -> SentPaper:
    """Made once, then always the same bytes to all."""
    found = SentPaper.objects.filter(change=change, code=code).first()
    if found:
        return found
    sitting = change.sitting
    own = {row.place_id for row in change.papers.all()}
    items = [one for one in as_changed_by(sitting, change) if one.place.pk in own]
    title = title_of(change, code)
    template = "addition" if code == Code.CONVOCATION else "notes"
    more = {**_signed(change.signature), "items": items, "sent_on": day(moment_of(change)), "reason": change.reason}
    data = printed(template, sitting, f"{title}, {day(sitting.starts_at)}", **more)
    values = {
        "file_name": f"{title} {timezone.localdate(sitting.starts_at).isoformat()}.pdf",
        "data": data,
        "sha256": hashlib.sha256(data).hexdigest(),
        "sitting": sitting,
    }
    return SentPaper.objects.get_or_create(change=change, code=code, defaults=values)[0]


def invitation(sitting: SittingPage) -> bytes:
    """The sitting as an event for a calendar; once it is called off, what takes it out of there."""
    meeting = events.of_sitting(sitting)
    return calendar([meeting], name=sitting.instance.name, method="CANCEL" if meeting.cancelled else "")


# What came on paper.


def kept(name: str, mime: str, data: bytes) -> KeptPaper:
    """An unsaved row of these bytes."""
    return KeptPaper(file_name=name[:160], mime=mime, sha256=hashlib.sha256(data).hexdigest(), data=data)


# What is printed.


def door(sitting: SittingPage) -> bytes:
    """The sheet to post: the convocation and its agenda (L2121-10), with what was added since."""
    return printed("door", sitting, f"Affichage : séance du {day(sitting.starts_at)}", items=standing(sitting))


def receipts(sitting: SittingPage, convocations: Iterable[Convocation]) -> bytes:
    """One page each: the convocation's address, and the receipt that the councillor signs."""
    return printed(
        "receipts",
        sitting,
        f"Remises en main propre, séance du {day(sitting.starts_at)}",
        convocations=list(convocations),
    )
