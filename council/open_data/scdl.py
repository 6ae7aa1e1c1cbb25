"""SCDL Délibérations 2.1.5: the columns, in the order of the schema, and a row for each published délibération."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from council.acts.models import Decided, Deliberation
from council.follow_up.models import FollowUp
from council.members.models import Instance
from council.nomenclature import BY_CODE, matter_name
from council.publication import queries
from council.publication.models import Identity, Publication, Way
from council.rules import COMMUNES
from kb.people.models import Town
from kb.spreadsheets import neutral

COLUMNS = (
    "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM", "DELIB_OBJET",
    "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE", "VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE",
    "VOTE_ABSTENTION", "DELIB_URL",
)  # fmt: skip
VOTES = ("VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION")
ADOPTED = (Decided.ADOPTED, Decided.ELECTED, Decided.TAKEN_NOTE)  # the schema is of délibérations that were adopted
Row = dict[str, Any]


class CannotExport(Exception):
    """Nothing may be exported; the message is a French sentence with its way out."""


@dataclass
class Exported:
    """The rows, and the délibérations that could not be among them for want of a matter."""

    rows: list[Row] = field(default_factory=list)
    without_matter: list[str] = field(default_factory=list)


def export(year: int) -> Exported:
    """The délibérations of a year that are published, in the order of their dates. Raises CannotExport.

    Only what the public may have: what personal data hold back, the CCAS and the commissions are not in it.
    """
    found = list(_published(year))
    identities = {row.instance_id: row for row in Identity.objects.exclude(siret="")}
    _check_identities(found, identities)
    money = FollowUp.objects.in_bulk([one.act_id for one in found])
    town = Town.current().name
    exported = Exported()
    for publication in found:
        act = publication.act
        if act.matter not in BY_CODE:
            exported.without_matter.append(act.written)
            continue
        exported.rows.append(_row(publication, identities[act.instance_id], money.get(act.pk), town))
    return exported


def _published(year: int) -> Iterable[Publication]:
    found = (
        Publication.objects.filter(
            down_at=None,
            act__deliberation__isnull=False,
            act__decided_on__year=year,
            act__instance__body__in=COMMUNES | {"epci"},
        )
        .select_related("act__deliberation", "act__instance", "act__transmission")
        .prefetch_related("act__deliberation__corrections")
        .order_by("act__decided_on", "act__number")
    )
    return [one for one in found if queries.as_published(one).result in ADOPTED]


def _check_identities(found: list[Publication], identities: dict[int, Identity]) -> None:
    missing = {one.act.instance for one in found if one.act.instance_id not in identities}
    if missing or (not found and not identities):
        names = ", ".join(str(one) for one in missing or Instance.objects.filter(body__in=COMMUNES)) or "la commune"
        raise CannotExport(f"Le SIRET de « {names} » n’est pas noté : écrivez-le sous « Les actes », « Réglages ».")


def _row(publication: Publication, identity: Identity, money: FollowUp | None, town: str) -> Row:
    act, deliberation = publication.act, queries.as_published(publication)
    sent = getattr(act, "transmission", None)
    received = sent.received_on if sent else None
    budget = bool(money and money.budget_year and money.budget_name)
    row = {
        "COLL_NOM": town if act.instance.body in COMMUNES else act.instance.name,
        "COLL_SIRET": identity.siret,
        "DELIB_ID": act.written,
        "DELIB_DATE": act.decided_on.isoformat(),
        "DELIB_MATIERE_CODE": act.matter,
        "DELIB_MATIERE_NOM": matter_name(act.matter),
        "DELIB_OBJET": " ".join(publication.subject.split()),
        "BUDGET_ANNEE": str(money.budget_year) if budget and money else "",
        "BUDGET_NOM": money.budget_name if budget and money else "",
        "PREF_ID": identity.prefecture,
        "PREF_DATE": received.isoformat() if received and received >= act.decided_on else "",
        **votes_of(deliberation),
        "DELIB_URL": f"{settings.BASE_URL}{act.address}" if publication.way == Way.ELECTRONIC else "",
    }
    return {name: row[name] for name in COLUMNS}


def votes_of(deliberation: Deliberation) -> Row:
    """All five columns, or none: a vote that does not fit the sum (blanks, nulls, candidates) is left empty."""
    vote, empty = deliberation.votes, dict.fromkeys(VOTES, "")
    if vote is None or vote["blanks"] or vote["nulls"]:
        return empty
    given = [vote["votes_for"], vote["votes_against"], vote["abstentions"]]
    if any(one is None for one in given) or sum(given) != vote["voting"] or vote["voting"] > vote["in_office"]:
        return empty
    return dict(zip(VOTES, [vote["in_office"], vote["voting"], *given], strict=True))


def as_csv(rows: Iterable[Row], columns: Iterable[str] = COLUMNS) -> str:
    """UTF-8 text with commas; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(columns)
    writer.writerow(names)
    writer.writerows([neutral(row[name]) for name in names] for row in rows)
    return out.getvalue()


def years() -> Iterator[int]:
    """Those that have something published."""
    found = Publication.objects.filter(down_at=None, act__deliberation__isnull=False)
    yield from (one.year for one in found.order_by().dates("act__decided_on", "year", order="DESC"))
