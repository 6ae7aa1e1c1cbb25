"""What the screens of the papers show, in dictionaries for their templates."""

from collections.abc import Mapping
from typing import Any

from council.acts import papers, queries, signing
from council.acts.content import Content, elected_short
from council.acts.forms import WhatForm
from council.acts.models import Discussion, MinutesState, SignedCopy, SignedPaper
from council.acts.papers import Paper
from council.acts.queries import Access
from council.agenda.models import SittingPage
from council.frozen.queries import Frozen
from kb import typography
from kb.exchange.models import Format
from kb.moderation.checks import personal_in
from kb.typography import day, moment

Shown = dict[str, Any]
LINE = 60  # characters of a field's line
# A member in office has what was decided; the procès-verbal once it is sent to him.
OF_MEMBERS = frozenset({Paper.LIST, Paper.MINUTES})
HELP = {
    Paper.ATTENDANCE: "À faire signer par les membres présents.",
    Paper.LIST: "À afficher et à mettre en ligne dans la semaine (art. L2121-25).",
    Paper.MINUTES: "Chaque mention de l’article L2121-15, et les débats que vous avez notés.",
    Paper.REGISTER: "Les délibérations dans l’ordre, puis le feuillet de clôture (art. R2121-9).",
    Paper.FOLDER: "Tout ce qui se signe, dans l’ordre, en une impression.",
    Paper.DECISIONS: "Ce que le maire a décidé depuis la séance précédente (art. L2122-23).",
}
TONES = {
    MinutesState.DRAFT: ("neutral", "edit"),
    MinutesState.SENT: ("watch", "mail"),
    MinutesState.APPROVED: ("done", "check"),
}


def has(access: Access, paper: str, target: str, sitting: SittingPage) -> bool:
    """Whether the person has this paper in this format."""
    if access.manages:
        return paper in list(Paper) or (paper == "proces-verbal-public" and target == Format.PDF)
    if target != Format.PDF or paper not in OF_MEMBERS:
        return False
    return paper != Paper.MINUTES or Content(sitting).minutes.state != MinutesState.DRAFT


def papers_of(content: Content, access: Access) -> Shown:
    """The délibérations, then the other papers."""
    copies = signing.newest(list(queries.signed_copies(content.sitting))) if access.manages else {}
    minutes = content.minutes
    return {
        "acts": [
            {
                "id": one.pk,
                "number": one.written,
                "object": one.object,
                "result": elected_short(one),
                "signed": _signed(content, copies.get((SignedPaper.DELIBERATION, one.pk))) if access.manages else None,
                "corrected": [f"Corrigée le {day(row.at)} : {row.reason}" for row in one.corrections.all()],
            }
            for one in content.deliberations
        ],
        "papers": [
            {"slug": str(one), "title": papers.TITLES[one], "help": HELP[one] if access.manages else ""}
            for one in Paper
            if _is_shown(content, access, one)
        ],
        "minutes": _state(minutes.state),
        "signed": f"{sum(1 for key in copies if key[0])} sur {len(expected(content))}",
        "unknown": queries.signed_copies(content.sitting).filter(paper="").count() if access.manages else 0,
    }


def _is_shown(content: Content, access: Access, paper: Paper) -> bool:
    if paper == Paper.DECISIONS and not content.decisions:
        return False
    if access.manages:
        return paper != Paper.FOLDER  # the primary button
    return paper in OF_MEMBERS and (paper != Paper.MINUTES or content.minutes.state != MinutesState.DRAFT)


def _state(state: str) -> Shown:
    tone, icon = TONES[MinutesState(state)]
    return {"tone": tone, "icon": icon, "label": str(MinutesState(state).label)}


# The procès-verbal.


def minutes_of(content: Content, typed: Mapping[int, str]) -> Shown:
    """Its items with what was said on each, its state, and the one next step."""
    minutes = content.minutes
    approved = minutes.state == MinutesState.APPROVED
    last = _last_ids(content.sitting)
    moved = minutes.state == MinutesState.SENT and minutes.sent_mark != content.minutes_mark
    copy = signing.newest(list(queries.signed_copies(content.sitting))).get((SignedPaper.MINUTES, None))
    return {
        "state": _state(minutes.state),
        "approved": approved,
        "items": [_typed(content, one, typed, last) for one in content.items],
        "sent": f"Envoyé aux membres le {moment(minutes.sent_at)}." if minutes.sent_at else "",
        "moved": moved,
        "approved_on": papers.life_line(minutes) if approved else "",
        "closed": content.evening.ended is not None,
        "no_secretary": content.evening.ended is not None and not content.evening.secretaries,
        "signed": _signed(content, copy),
        "sha256": minutes.sha256,
    }


def _typed(content: Content, one: Frozen, typed: Mapping[int, str], last: Mapping[int, str]) -> Shown:
    """An item with its field, as high as what it holds."""
    item = one.place.item_id
    text = typed.get(item, content.discussions.get(item, ""))
    return {
        "id": item,
        "number": one.number,
        "title": one.title,
        "text": text,
        "seen": last.get(item, ""),
        "rows": min(24, max(3, text.count("\n") + len(text) // LINE + 2)),
        "huis_clos": _in_huis_clos(content, one.number),
        "personal": ", ".join(f"« {words} »" for words in dict.fromkeys(words for _kind, words in personal_in(text))),
    }


def _in_huis_clos(content: Content, number: str) -> bool:
    item = content.evening.items.get(number)
    return item is not None and item.huis_clos


def _last_ids(sitting: SittingPage) -> dict[int, str]:
    """Item's id → the last saving of its text, so that nobody overwrites what he has not read."""
    rows = Discussion.objects.filter(sitting=sitting).order_by("pk").values_list("item", "pk")
    return {item: str(pk) for item, pk in rows}


def clashes(content: Content, seen: Mapping[int, str]) -> str:
    """What somebody else has written since the screen was shown; empty where nobody has."""
    last = _last_ids(content.sitting)
    moved = [
        one
        for one in content.items
        if seen.get(one.place.item_id, "") != last.get(one.place.item_id, "") and one.place.item_id in seen
    ]
    if not moved:
        return ""
    rows = Discussion.objects.filter(pk__in=[last[one.place.item_id] for one in moved]).select_related("by")
    said = "; ".join(f"point {one.number}" for one in moved)
    people = ", ".join(sorted({str(row.by) for row in rows}))
    words = " ".join(f"« {row.text} »" for row in rows)
    return (
        f"Pendant votre saisie, {people} a écrit sur les mêmes débats ({said}) : {words} Reprenez-le dans le vôtre, puis "
        "enregistrez de nouveau."
    )


# The signed copies.


def expected(content: Content) -> list[tuple[str, int | None, str]]:
    """(paper, act, its name) of all that is signed, in the order of the signature folder."""
    acts = [
        (SignedPaper.DELIBERATION.value, one.pk, f"Délibération {one.written}, {one.object}")
        for one in content.deliberations
    ]
    rows: list[tuple[str, int | None, str]] = [
        (SignedPaper.ATTENDANCE.value, None, "Feuille de présence"),
        *acts,
        (SignedPaper.CLOSING.value, None, "Feuillet de clôture"),
    ]
    if content.minutes.state == MinutesState.APPROVED:
        rows.append((SignedPaper.MINUTES.value, None, "Procès-verbal"))
    return rows


def signed_of(content: Content) -> Shown:
    """Each paper with its signed copy, and the files that nobody has recognised."""
    copies = list(queries.signed_copies(content.sitting))
    newest = signing.newest(copies)
    return {
        "example": next((one.written for one in content.deliberations), "2026-05-03"),
        "rows": [
            {"title": title, "signed": _signed(content, newest.get((paper, act)))}
            for paper, act, title in expected(content)
        ],
        "unknown": [
            {"id": one.pk, "name": one.file_name, "form": WhatForm(content=content, auto_id=f"what-{one.pk}-%s")}
            for one in copies
            if not one.paper
        ],
    }


def _signed(content: Content, copy: SignedCopy | None) -> Shown | None:
    if copy is None:
        return None
    return {
        "id": copy.pk,
        "line": f"{copy.file_name}, {typography.size(copy.size)}, déposé le {moment(copy.at)} par {copy.by}",
        "stale": signing.is_stale(content, copy),
        "sha256": copy.sha256,
    }
