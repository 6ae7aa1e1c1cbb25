"""The papers of a convocation, as tagged PDF: what travels, what is printed for a hand or for the door, and the proof."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import facts_of
from council.calendars import events
from council.calendars.writing import calendar
from council.convening import queries
from council.convening.models import Answer, Cancellation, Convocation, SentPaper, Way
from council.convening.queries import annexes_of, announced, last_signature, signature_line
from kb.documents.extraction import pandoc
from kb.exchange import office, pdf
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
        "signed_by": str(signature.mandate) if signature else "",
        "quality": signature.quality if signature else "",
        "signature": signature_line(signature) if signature else "",
        "items": announced(sitting),
    }


# What travels.


def sent_paper(sitting: SittingPage, code: Code) -> SentPaper:
    """The file joined to every mail: made from what was frozen, once, then always the same bytes."""
    found = SentPaper.objects.filter(sitting=sitting, code=code).first()
    if found:
        return found
    data = printed(str(code), sitting, f"{TITLES[code]}, {day(sitting.starts_at)}")
    values = {
        "file_name": f"{TITLES[code]} {timezone.localdate(sitting.starts_at).isoformat()}.pdf", "data": data,
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    # Two workers may make it at once: the first row stands, and both send its bytes.
    return SentPaper.objects.get_or_create(sitting=sitting, code=code, defaults=values)[0]


def convocation_docx(sitting: SittingPage) -> bytes:
    """The convocation as Word, dressed by the instance's own model where it has one. Raises sandbox.SandboxError."""
    title = f"{TITLES[Code.CONVOCATION]}, {day(sitting.starts_at)}"
    html = render_to_string("council/convening/paper/convocation.html", {**facts(sitting), "title": title})
    model = sitting.instance.letterhead
    if model is not None and model.current_version is not None:
        stored = model.current_version.file
        with stored.storage.open(str(stored.name), "rb") as source:
            return pandoc.write(office.for_office(html), "docx", reference=source.read())
    town = Town.current().name
    return office.docx(Printed(title, html), office.Around(header=f"{town} – {sitting.instance}", footer=town))


def travelling(sitting: SittingPage) -> list[SentPaper]:
    """The convocation, and the notes where the law wants them with it."""
    codes = [Code.CONVOCATION, *([Code.NOTES] if queries.law_of(sitting).notes else [])]
    return [sent_paper(sitting, code) for code in codes]


def invitation(sitting: SittingPage) -> bytes:
    """The sitting as an event for a calendar; once it is called off, what takes it out of there."""
    meeting = events.of_sitting(sitting)
    return calendar([meeting], name=sitting.instance.name, method="CANCEL" if meeting.cancelled else "")


# What is printed.


def door(sitting: SittingPage) -> bytes:
    """The sheet to post: the convocation and its agenda (L2121-10)."""
    return printed("door", sitting, f"Affichage : séance du {day(sitting.starts_at)}")


def receipts(sitting: SittingPage, convocations: Iterable[Convocation]) -> bytes:
    """One page each: the convocation's address, and the receipt that the councillor signs."""
    return printed(
        "receipts",
        sitting,
        f"Remises en main propre, séance du {day(sitting.starts_at)}",
        convocations=list(convocations),
    )


# The proof.


def proof(sitting: SittingPage) -> dict[str, Any]:
    """All that a court would ask: who signed, what was sent when to whom, at which versions, with their SHA-256."""
    record, items = SittingRecord.objects.select_related("convened_by").get(page=sitting.pk), announced(sitting)
    files, due, posted = annexes_of(items), queries.law_of(sitting).due, facts_of(sitting).done.get("posting")
    return {
        "town": Town.current().name,
        "made_at": _at(timezone.now()),
        "sitting": {
            "id": sitting.pk, "instance": sitting.instance.name, "kind": sitting.sitting_kind,
            "starts_at": _at(sitting.starts_at), "place": sitting.place or sitting.instance.place,
            "revision": record.convened_revision_id, "convened_at": _at(record.convened_at),
            "convened_by": str(record.convened_by), "sent_on": str(record.sent_on), "channel": record.channel,
            "proof": record.proof, "latest_sending_day": str(due) if due else None,
            "posted_on": str(posted) if posted else None, "register": queries.register_mention(sitting),
        },
        "signatures": [
            {
                "by": str(one.mandate), "quality": one.quality, "signed_on": str(one.signed_on),
                "on_screen": one.on_screen, "proof": one.proof, "noted_by": str(one.by), "noted_at": _at(one.at),
                "agenda_sha256": one.agenda_hash,
            }
            for one in sitting.signatures.select_related("mandate", "by").order_by("at", "pk")
        ],
        "items": [
            {
                "number": item.number, "title": item.title, "revision": item.place.convened_revision_id,
                "sha256": _sha256_of_revision(item),
                "documents": [
                    {
                        "title": str(row), "file_name": row.version.file_name, "version": row.version.number,
                        "sha256": row.version.sha256,
                    }
                    for row in files.get(item.place.item_id, [])
                    if row.version
                ],
            }
            for item in items
        ],
        "papers": [
            {"code": row.code, "file_name": row.file_name, "sha256": row.sha256, "made_at": _at(row.made_at)}
            for row in sitting.sent_papers.order_by("code")
        ],
        "cancellation": _cancellation(sitting),
        "convocations": [_convocation(one) for one in queries.convocations_of(sitting)],
    }  # fmt: skip


def _cancellation(sitting: SittingPage) -> dict[str, Any] | None:
    off = Cancellation.objects.select_related("by").filter(sitting=sitting.pk).first()
    if off is None:
        return None
    return {"at": _at(off.at), "by": str(off.by), "reason": off.reason, "moved_to": off.moved_to_id}


def _convocation(one: Convocation) -> dict[str, Any]:
    mail = one.mail
    return {
        "councillor": str(one.mandate), "office": one.mandate.office, "way": str(Way(one.way)), "address": one.address,
        "written_at": _at(one.made_at),
        "mail": {"id": mail.pk, "state": mail.state, "reason": mail.reason, "handed_over_at": _at(mail.sent_at)} if mail else None,
        "bounced_on": str(one.bounced_on) if one.bounced_on else None, "bounced_why": one.bounced_why,
        "delivered_on": str(one.delivered_on) if one.delivered_on else None, "delivered_how": one.delivered_how,
        "delivery_noted_by": str(one.delivery_noted_by) if one.delivery_noted_by else None,
        "acknowledged_at": _at(one.acknowledged_at), "answer": str(Answer(one.answer)) if one.answer else None,
        "answered_at": _at(one.answered_at),
    }  # fmt: skip


def _sha256_of_revision(item: queries.FrozenItem) -> str:
    assert item.place.convened_revision is not None
    content = json.dumps(item.place.convened_revision.content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _at(value: Any) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def proof_pdf(sitting: SittingPage) -> bytes:
    """The same as read by people, with the SHA-256 of the JSON beside which it stands."""
    told = proof(sitting)
    return printed(
        "proof", sitting, f"Preuve de la convocation, séance du {day(sitting.starts_at)}", told=told,
        lines=queries.lines(sitting, queries.law_of(sitting).due), made_on=moment(timezone.now()), mention=told["sitting"]["register"],
        sent_papers=told["papers"], frozen=told["items"],
    )  # fmt: skip
