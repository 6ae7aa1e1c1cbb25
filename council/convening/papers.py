"""The papers of a convocation, as tagged PDF: what travels, what is printed for a hand or for the door, and the proof."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import facts_of
from council.calendars import events
from council.calendars.writing import calendar
from council.convening import queries
from council.convening.models import Answer, Cancellation, Convocation, Handed, KeptPaper, SentPaper, Signature, Way
from council.convening.queries import last_signature, signature_line
from council.frozen import following
from council.frozen.models import ChangeKind, FrozenPaper, PaperChange
from council.frozen.queries import Frozen, announced, as_changed_by, moment_of, sent_changes, standing
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
        "file_name": f"{TITLES[code]} {timezone.localdate(sitting.starts_at).isoformat()}.pdf", "data": data,
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
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
        "file_name": f"{title} {timezone.localdate(sitting.starts_at).isoformat()}.pdf", "data": data,
        "sha256": hashlib.sha256(data).hexdigest(), "sitting": sitting,
    }  # fmt: skip
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


# The proof.


def proof(sitting: SittingPage) -> dict[str, Any]:
    """All that a court would ask: who signed, what was sent when to whom, at which versions, with their SHA-256."""
    record = SittingRecord.objects.select_related("convened_by").get(page=sitting.pk)
    due, posted = queries.law_of(sitting).due, facts_of(sitting).done.get("posting")
    return {
        "town": Town.current().name,
        "made_at": _at(timezone.now()),
        "sitting": {
            "id": sitting.pk, "instance": sitting.instance.name, "kind": sitting.sitting_kind,
            "starts_at": _at(sitting.starts_at), "place": sitting.place or sitting.instance.place,
            "revision": record.convened_revision_id, "convened_at": _at(record.convened_at),
            "convened_by": str(record.convened_by), "sent_on": str(record.sent_on), "channel": record.channel,
            "proof": record.proof, "sha256": _sha256_of(sitting), "urgency": record.urgency, "latest_sending_day": str(due) if due else None,
            "posted_on": str(posted) if posted else None, "register": queries.register_mention(sitting),
        },
        "signatures": [
            {
                "by": str(one.mandate), "quality": one.quality, "signed_on": str(one.signed_on),
                "on_screen": one.on_screen, "proof": one.proof, "noted_by": str(one.by), "noted_at": _at(one.at),
                "agenda_sha256": one.agenda_hash,
            }
            for one in sitting.signatures.filter(change=None).select_related("mandate", "by").order_by("at", "pk")
        ],
        "items": [frozen_item(one) for one in announced(sitting)],
        "papers": [
            {"code": row.code, "file_name": row.file_name, "sha256": row.sha256, "made_at": _at(row.made_at)}
            for row in sitting.sent_papers.filter(change=None).order_by("code")
        ],
        "convocations": [
            _convocation(one)
            for one in queries.convocations_of(sitting).select_related("answer_paper").defer("answer_paper__data")
        ],
        "cancellation": _cancellation(sitting),
        "changes": [_change(one) for one in sent_changes(sitting)],
    }  # fmt: skip


def _change(one: PaperChange) -> dict[str, Any]:
    """What changed since: by whom, why, which rows took the place of which, and each member's mail."""
    signed = one.signature
    return {
        "kind": one.kind, "number": one.place.number if one.place else None, "reason": one.reason,
        "sent_at": _at(one.sent_at), "sent_by": str(one.sent_by),
        "signature": {"by": str(signed.mandate), "signed_on": str(signed.signed_on), "agenda_sha256": signed.agenda_hash}
        if signed else None,
        "rows": [
            {
                "kind": row.kind, "title": row.content["title"], "sha256": row.sha256,
                "file_sha256": row.content.get("sha256"), "replaces": row.replaces.sha256 if row.replaces else None,
            }
            for row in one.papers.select_related("replaces").order_by("pk")
        ],
        "papers": [
            {"code": row.code, "file_name": row.file_name, "sha256": row.sha256, "made_at": _at(row.made_at)}
            for row in one.sent_papers.order_by("code")
        ],
        "dispatches": [_handed(row) for row in one.dispatches.all()],
    }  # fmt: skip


def _told(one: PaperChange) -> dict[str, Any]:
    """The same for people."""
    return {
        **_change(one), "label": str(ChangeKind(one.kind).label), "sent": moment(moment_of(one)),
        "lines": following.lines(one),
    }  # fmt: skip


def _cancellation(sitting: SittingPage) -> dict[str, Any] | None:
    off = Cancellation.objects.select_related("by").filter(sitting=sitting.pk).first()
    if off is None:
        return None
    return {"at": _at(off.at), "by": str(off.by), "reason": off.reason, "moved_to": off.moved_to_id}


def _convocation(one: Convocation) -> dict[str, Any]:
    return {
        **_handed(one), "acknowledged_at": _at(one.acknowledged_at), "answer": str(Answer(one.answer)) if one.answer else None,
        "answered_at": _at(one.answered_at), "answered_how": one.answered_how,
        "answer_noted_by": str(one.answer_noted_by) if one.answer_noted_by else None,
        "answer_paper_sha256": one.answer_paper.sha256 if one.answer_paper else None,
    }  # fmt: skip


def _handed(one: Handed) -> dict[str, Any]:
    mail = one.mail
    return {
        "councillor": str(one.mandate), "office": one.mandate.office, "way": str(Way(one.way)), "address": one.address,
        "written_at": _at(one.made_at),
        "mail": {"id": mail.pk, "state": mail.state, "reason": mail.reason, "handed_over_at": _at(mail.sent_at)} if mail else None,
        "bounced_on": str(one.bounced_on) if one.bounced_on else None, "bounced_why": one.bounced_why,
        "delivered_on": str(one.delivered_on) if one.delivered_on else None, "delivered_how": one.delivered_how,
        "delivery_noted_by": str(one.delivery_noted_by) if one.delivery_noted_by else None,
    }  # fmt: skip


def frozen_item(one: Frozen) -> dict[str, Any]:
    """An item as it was copied: the SHA-256 of each row is that of its content in canonical JSON."""
    return {
        "number": one.number, "title": one.title, "revision": one.item.revision_id, "sha256": one.item.sha256,
        "copied_at": _at(one.item.at) if one.item.pk else None, "documents": [_annex(row) for row in one.annexes],
    }  # fmt: skip


def _annex(row: FrozenPaper) -> dict[str, Any]:
    said = row.content
    return {
        "title": said["title"], "file_name": said["file_name"], "version": said["version"], "size": said["size"],
        "sha256": said["sha256"], "row_sha256": row.sha256,
    }  # fmt: skip


def _sha256_of(sitting: SittingPage) -> str | None:
    row = sitting.frozen.filter(kind=FrozenPaper.Kind.SITTING).first()
    return row.sha256 if row else None


def _at(value: Any) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def proof_pdf(sitting: SittingPage) -> bytes:
    """The same as read by people, with the SHA-256 of the JSON beside which it stands."""
    told = proof(sitting)
    return printed(
        "proof", sitting, f"Preuve de la convocation, séance du {day(sitting.starts_at)}", told=told,
        lines=queries.lines(sitting, queries.law_of(sitting).due), made_on=moment(timezone.now()), mention=told["sitting"]["register"],
        sent_papers=told["papers"], frozen=told["items"],
        changes=[_told(one) for one in sent_changes(sitting)],
    )  # fmt: skip
