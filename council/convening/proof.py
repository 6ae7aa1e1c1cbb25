"""The proof of a convocation, as a court would read it: JSON with hashes, and the same as tagged PDF for people.

It gathers what the rooms that stand on this one know of the sitting: what changed since, the pouvoirs received.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import facts_of
from council.convening import papers, queries
from council.convening.models import Answer, Cancellation, Convocation, Handed, Way
from council.frozen import following
from council.frozen.models import ChangeKind, FrozenPaper, PaperChange
from council.frozen.queries import Frozen, announced, moment_of, sent_changes
from council.pouvoirs.models import ServedSitting
from kb.notices.models import Mail
from kb.people.models import Town
from kb.typography import day, moment


def as_data(sitting: SittingPage) -> dict[str, Any]:
    """All that a court would ask: who signed, what was sent when to whom, at which versions, with their SHA-256."""
    record = SittingRecord.objects.select_related("convened_by").get(page=sitting.pk)
    due, posted = queries.law_of(sitting).due, facts_of(sitting).done.get("posting")
    return {
        "town": Town.current().name,
        "made_at": _at(timezone.now()),
        "sitting": {
            "id": sitting.pk,
            "instance": sitting.instance.name,
            "kind": sitting.sitting_kind,
            "starts_at": _at(sitting.starts_at),
            "place": sitting.place or sitting.instance.place,
            "revision": record.convened_revision_id,
            "convened_at": _at(record.convened_at),
            "convened_by": str(record.convened_by),
            "sent_on": str(record.sent_on),
            "channel": record.channel,
            "proof": record.proof,
            "sha256": _sha256_of(sitting),
            "urgency": record.urgency,
            "latest_sending_day": str(due) if due else None,
            "posted_on": str(posted) if posted else None,
            "register": queries.register_mention(sitting),
        },
        "signatures": [
            {
                "by": str(one.mandate),
                "quality": one.quality,
                "signed_on": str(one.signed_on),
                "on_screen": one.on_screen,
                "proof": one.proof,
                "noted_by": str(one.by),
                "noted_at": _at(one.at),
                "agenda_sha256": one.agenda_hash,
                "unchecked": one.unchecked,
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
        "pouvoirs": [_pouvoir(one) for one in _pouvoirs(sitting)],
        "cancellation": _cancellation(sitting),
        "changes": [_change(one) for one in sent_changes(sitting)],
    }


def _change(one: PaperChange) -> dict[str, Any]:
    """What changed since: by whom, why, which rows took the place of which, and each member's mail."""
    signed = one.signature
    return {
        "kind": one.kind,
        "number": one.place.number if one.place else None,
        "reason": one.reason,
        "sent_at": _at(one.sent_at),
        "sent_by": str(one.sent_by),
        "signature": {
            "by": str(signed.mandate),
            "signed_on": str(signed.signed_on),
            "agenda_sha256": signed.agenda_hash,
            "unchecked": signed.unchecked,
        }
        if signed
        else None,
        "rows": [
            {
                "kind": row.kind,
                "title": row.content["title"],
                "sha256": row.sha256,
                "file_sha256": row.content.get("sha256"),
                "replaces": row.replaces.sha256 if row.replaces else None,
            }
            for row in one.papers.select_related("replaces").order_by("pk")
        ],
        "papers": [
            {"code": row.code, "file_name": row.file_name, "sha256": row.sha256, "made_at": _at(row.made_at)}
            for row in one.sent_papers.order_by("code")
        ],
        "dispatches": [_handed(row) for row in one.dispatches.all()],
    }


def _told(one: PaperChange) -> dict[str, Any]:
    """The same for people."""
    return {
        **_change(one),
        "label": str(ChangeKind(one.kind).label),
        "sent": moment(moment_of(one)),
        "lines": following.lines(one),
        "signed": queries.signature_line(one.signature) if one.signature else "",
    }


def _cancelled(sitting: SittingPage) -> Cancellation | None:
    return Cancellation.objects.select_related("by", "moved_to").filter(sitting=sitting.pk).first()


def _cancelling_mails(sitting: SittingPage) -> QuerySet[Mail]:
    """What told each one who was convened by mail."""
    return Mail.objects.filter(kind="cancellation", page=sitting.pk).select_related("to").order_by("pk")


def _cancellation(sitting: SittingPage) -> dict[str, Any] | None:
    off = _cancelled(sitting)
    if off is None:
        return None
    return {
        "at": _at(off.at),
        "by": str(off.by),
        "reason": off.reason,
        "moved_to": off.moved_to_id,
        "moved_to_starts_at": _at(off.moved_to.starts_at) if off.moved_to else None,
        "mails": [{"to": str(one.to), **_mail(one)} for one in _cancelling_mails(sitting)],
    }


def _cancellation_said(sitting: SittingPage) -> dict[str, Any] | None:
    """The same for people."""
    off = _cancelled(sitting)
    if off is None:
        return None
    return {
        "what": "reportée" if off.moved_to else "annulée",
        "on": moment(off.at),
        "by": str(off.by),
        "reason": off.reason,
        "moved_to": moment(off.moved_to.starts_at) if off.moved_to else "",
        "lines": [{"to": str(one.to), "state": queries.standing_of_mail(one)} for one in _cancelling_mails(sitting)],
    }


def _pouvoirs(sitting: SittingPage) -> list[ServedSitting]:
    """Those that serve this sitting or were to, in the order of the table: none is received once it has begun."""
    rows = sitting.pouvoirs.select_related(
        "pouvoir__noted_by", "pouvoir__revoked_by", "pouvoir__paper", "giver", "holder"
    )
    return list(rows.defer("pouvoir__paper__data"))


def _pouvoir(one: ServedSitting) -> dict[str, Any]:
    """An illness that makes it last is said, never described: the court has the paper."""
    given, ended = one.pouvoir, one.ended_at is not None
    return {
        "giver": str(one.giver),
        "holder": str(one.holder),
        "given_on": str(given.given_on),
        "channel": "paper" if given.on_paper else "screen",
        "received_at": _at(given.noted_at),
        "noted_by": str(given.noted_by),
        "paper_sha256": given.paper.sha256 if given.paper else None,
        "rank": one.rank,
        "sittings": given.sittings,
        "illness": bool(given.illness),
        "withdrawn_at": _at(one.ended_at),
        "withdrawn_how": given.revoked_how if ended else "",
        "withdrawn_by": str(given.revoked_by) if ended and given.revoked_by else None,
    }


def _pouvoir_said(one: ServedSitting) -> dict[str, str]:
    """The same for people."""
    given = one.pouvoir
    way = f"Sur papier, entré par {given.noted_by}" if given.on_paper else "À l’écran, confirmé par un code"
    rank = f", {one.rank}e séance sur {given.sittings}" if one.rank > 1 else ""
    by = f" par {given.revoked_by}" if given.revoked_by else ""
    how = f" : {given.revoked_how}" if given.revoked_how else ""
    return {
        "giver": str(one.giver),
        "holder": str(one.holder),
        "received": moment(given.noted_at),
        "way": way + rank,
        "sha256": given.paper.sha256 if given.paper else "",
        "withdrawn": f"Retiré le {moment(one.ended_at)}{by}{how}" if one.ended_at else "",
    }


def _convocation(one: Convocation) -> dict[str, Any]:
    return {
        **_handed(one),
        "acknowledged_at": _at(one.acknowledged_at),
        "answer": str(Answer(one.answer)) if one.answer else None,
        "answered_at": _at(one.answered_at),
        "answered_how": one.answered_how,
        "answer_noted_by": str(one.answer_noted_by) if one.answer_noted_by else None,
        "answer_paper_sha256": one.answer_paper.sha256 if one.answer_paper else None,
    }


def _mail(mail: Mail) -> dict[str, Any]:
    return {"id": mail.pk, "state": mail.state, "reason": mail.reason, "handed_over_at": _at(mail.sent_at)}


def _handed(one: Handed) -> dict[str, Any]:
    return {
        "councillor": str(one.mandate),
        "office": one.mandate.office,
        "way": str(Way(one.way)),
        "address": one.address,
        "written_at": _at(one.made_at),
        "mail": _mail(one.mail) if one.mail else None,
        "bounced_on": str(one.bounced_on) if one.bounced_on else None,
        "bounced_why": one.bounced_why,
        "delivered_on": str(one.delivered_on) if one.delivered_on else None,
        "delivered_how": one.delivered_how,
        "delivery_noted_by": str(one.delivery_noted_by) if one.delivery_noted_by else None,
    }


def frozen_item(one: Frozen) -> dict[str, Any]:
    """An item as it was copied: the SHA-256 of each row is that of its content in canonical JSON."""
    return {
        "number": one.number,
        "title": one.title,
        "revision": one.item.revision_id,
        "sha256": one.item.sha256,
        "copied_at": _at(one.item.at) if one.item.pk else None,
        "documents": [_annex(row) for row in one.annexes],
    }


def _annex(row: FrozenPaper) -> dict[str, Any]:
    said = row.content
    return {
        "title": said["title"],
        "file_name": said["file_name"],
        "version": said["version"],
        "size": said["size"],
        "sha256": said["sha256"],
        "row_sha256": row.sha256,
    }


def _sha256_of(sitting: SittingPage) -> str | None:
    row = sitting.frozen.filter(kind=FrozenPaper.Kind.SITTING).first()
    return row.sha256 if row else None


def _at(value: Any) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def as_pdf(sitting: SittingPage) -> bytes:
    """The same as read by people, with the SHA-256 of the JSON beside which it stands."""
    told = as_data(sitting)
    return papers.printed(
        "proof",
        sitting,
        f"Preuve de la convocation, séance du {day(sitting.starts_at)}",
        told=told,
        lines=queries.lines(sitting, queries.law_of(sitting).due),
        made_on=moment(timezone.now()),
        mention=told["sitting"]["register"],
        sent_papers=told["papers"],
        frozen=told["items"],
        changes=[_told(one) for one in sent_changes(sitting)],
        pouvoirs=[_pouvoir_said(one) for one in _pouvoirs(sitting)],
        cancelled=_cancellation_said(sitting),
        unchecked=[row for one in told["signatures"][-1:] for row in one["unchecked"]],
    )
