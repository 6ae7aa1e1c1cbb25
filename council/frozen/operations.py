"""Deeds after the convocation: replace a piece, correct a text, add items in time. Each is sent with its own proof."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from council.agenda import queries as agenda
from council.agenda.enums import DECIDED, PlaceState, SittingKind, SittingState
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage, stage_of
from council.convening import queries as convening
from council.convening.models import Sending, Signature, Way
from council.convening.operations import check_on_paper, check_readers, require_manager
from council.frozen import adding, copying, numbers, queries
from council.frozen.models import ChangeKind, Dispatch, FrozenPaper, PaperChange
from council.members.models import Mandate
from kb import permissions
from kb.documents import operations as documents
from kb.documents.file_types import RefusedFile
from kb.documents.models import DocumentVersion
from kb.exchange import pdf
from kb.notices import operations as notices
from kb.pages import operations as pages
from kb.pages import revising, tree
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day

Kind = FrozenPaper.Kind
ANOTHER_WAY = "renvoyez le point à la prochaine séance, ou, s’il ne peut pas attendre, convoquez une séance en urgence"


def _to_come(sitting: SittingPage, by: User, verb: str) -> SittingPage:
    """The sitting read again, which is convened and to come, and which `by` manages. Raises PermissionDenied, Refused."""
    tree.one_writer()
    sitting = SittingPage.objects.select_related("instance").get(pk=sitting.pk)
    require_manager(by, sitting, verb)
    if stage_of(sitting) == SittingState.PREPARATION:
        raise Refused("La séance n’est pas convoquée : modifiez le point lui-même, rien n’est encore parti.")
    if stage_of(sitting) == SittingState.CANCELLED:
        raise Refused("La séance est annulée : son dossier reste tel qu’il est parti.")
    if stage_of(sitting) != SittingState.CONVENED or sitting.starts_at <= timezone.now():
        raise Refused("La séance a eu lieu : son dossier reste celui sur lequel le conseil s’est prononcé.")
    return sitting


def _standing_place(place: AgendaPlace) -> AgendaPlace:
    place = AgendaPlace.objects.select_for_update().get(pk=place.pk)
    if place.state != PlaceState.ON:
        label = PlaceState(place.state).label.lower()
        raise Refused(f"Ce point n’est plus à l’ordre du jour ({label}) : ses papiers restent tels qu’ils sont partis.")
    return place


def _no_correction(place: AgendaPlace) -> None:
    if queries.open_correction(place):
        raise Refused(
            "Le texte de ce point est en cours de correction : envoyez la correction, ou abandonnez-la d’abord."
        )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("Les membres sont avertis de ce changement : écrivez-en la raison.")
    return reason.strip()[:300]


def _current(place: AgendaPlace) -> queries.Frozen:
    """The item as it stands, copied now if it was convened before papers were."""
    sitting = place.sitting
    copying.freeze(sitting, sitting.places.exclude(convened_revision=None), by=None)
    return next(one for one in queries.standing(sitting) if one.place.pk == place.pk)


# A piece replaced.


@transaction.atomic
def replace_piece(*, paper: FrozenPaper, file: Any, file_name: str, reason: str, by: User) -> PaperChange:
    """« Pièce remplacée » : the annex takes another version, the one that left stays beside it, each member is told.

    Raises PermissionDenied, Refused (with its way out).
    """
    sitting = _to_come(paper.sitting, by, "remplacer une pièce de")
    assert paper.place is not None
    place = _standing_place(paper.place)
    _no_correction(place)
    reason = _reason(reason)
    if FrozenPaper.objects.filter(replaces=paper).exists():
        raise Refused("Cette pièce a déjà été remplacée : ouvrez le point, puis remplacez celle qui s’y trouve.")
    change = PaperChange.objects.create(
        sitting=sitting, place=place, kind=ChangeKind.REPLACED, reason=reason, opened_by=by
    )
    version = _new_version(paper, file, file_name, by, reason)
    page = _with_version(place, version)
    revision = _written(place, page, change=change, by=by)
    row = FrozenPaper(
        sitting=sitting,
        place=place,
        kind=Kind.ANNEX,
        rank=paper.rank,
        version=version,
        replaces=paper,
        change=change,
        by=by,
    )
    content = copying.annex_content(str(paper.content["title"]), str(paper.content["note"]), version)
    _frozen_then_published(copying.filled(row, content), page, revision, by)
    return _send(change, by=by, paper=str(paper.content["title"]), sha256=version.sha256)


def _new_version(paper: FrozenPaper, file: Any, file_name: str, by: User, reason: str) -> DocumentVersion:
    assert paper.version is not None
    if documents.sha256_of(file) == paper.content["sha256"]:
        raise Refused("Ce fichier est celui qui est déjà parti, octet pour octet : choisissez la version corrigée.")
    try:
        return documents.add_version(
            document=paper.version.document, file=file, file_name=file_name, author=by, why=reason[:255]
        )
    except RefusedFile as refused:
        raise Refused(str(refused)) from refused


def _with_version(place: AgendaPlace, version: DocumentVersion) -> AgendaItemPage:
    """The convened item, whose annex names that version; all the rest keeps its own."""
    page = copying.convened(place)
    rows = list(page.attachments.all())
    for row in rows:
        if row.document_id == version.document_id:
            row.version = version
    page.attachments.set(rows)
    return page


def _written(place: AgendaPlace, page: AgendaItemPage, *, change: PaperChange, by: User) -> Revision:
    """The revision that the item's convocation names from now on, not yet published; what it was is kept for good."""
    because = f"{ChangeKind(change.kind).label} : {change.reason}"[:200]
    page.by_change, page.why = change, because
    revision = page.save_revision(user=by, log_action=True, moving=set())
    revising.keep(revision, because=because)
    place.convened_revision = revision
    place.save(update_fields=["convened_revision"])
    return revision


def _frozen_then_published(row: FrozenPaper, page: AgendaItemPage, revision: Revision, by: User) -> None:
    """In this order: who reads the published page finds the row."""
    row.save()
    pages.publish_revision(page=page, revision=revision, author=by)


# A text corrected.


@transaction.atomic
def open_correction(*, item: AgendaItemPage, by: User) -> PaperChange:
    """« Corriger le texte » : the editor opens again for this item; its readers see nothing until the correction is sent."""
    place = _sent_place(item)
    sitting = _to_come(place.sitting, by, "corriger un point de")
    place = _standing_place(place)
    _no_correction(place)
    change = PaperChange.objects.create(sitting=sitting, place=place, kind=ChangeKind.CORRECTED, opened_by=by)
    log(item, "council.paper.correct", user=by, data={"change": change.pk})
    return change


def _sent_place(item: AgendaItemPage) -> AgendaPlace:
    place = item.places.exclude(convened_revision=None).order_by("-pk").select_related("sitting").first()
    if place is None:
        raise Refused("Ce point n’est pas encore parti avec une convocation : modifiez-le directement.")
    return place


@transaction.atomic
def drop_correction(*, change: PaperChange, by: User) -> None:
    """Nothing was sent, nothing changes: the draft goes back to what the members read."""
    require_manager(by, change.sitting, "corriger un point de")
    change = _still_open(change)
    assert change.place is not None
    page = copying.convened(change.place)
    page.by_change, page.taken_from = change, change.place.convened_revision
    page.why = "Correction abandonnée"
    page.save_revision(user=by, log_action=True, moving=set())
    change.dropped_at = timezone.now()
    change.save(update_fields=["dropped_at"])


def _still_open(change: PaperChange) -> PaperChange:
    tree.one_writer()
    change = (
        PaperChange.objects.select_for_update(of=("self",))
        .select_related("place", "sitting__instance")
        .get(pk=change.pk)
    )
    if change.sent_at or change.dropped_at:
        raise Refused("Ce changement est déjà envoyé ou abandonné : rouvrez la page pour voir ce qu’il en est.")
    return change


@transaction.atomic
def send_correction(*, change: PaperChange, reason: str, by: User) -> PaperChange:
    """« Envoyer la correction » : the draft's text takes the place of what was sent; annexes and title stay.

    Raises PermissionDenied, Refused.
    """
    sitting = _to_come(change.sitting, by, "corriger un point de")
    change = _still_open(change)
    assert change.place is not None
    place = _standing_place(change.place)
    change.reason = _reason(reason)
    before = _current(place)
    page = _corrected(place, before, sitting)
    revision = _written(place, page, change=change, by=by)
    row = FrozenPaper(
        sitting=sitting, place=place, kind=Kind.ITEM, replaces=before.item, change=change, by=by, revision=revision
    )
    content = copying.item_content(place.number, copying.convened(place))
    _frozen_then_published(copying.filled(row, content), page, revision, by)
    return _send(change, by=by, item=before.title)


def _corrected(place: AgendaPlace, before: queries.Frozen, sitting: SittingPage) -> AgendaItemPage:
    """The draft, once it may take the place of what was sent. Raises Refused."""
    draft: AgendaItemPage = place.item.get_latest_revision_as_object()
    said, sent = copying.item_content(place.number, draft), before.item.content
    if (said["title"], said["kind"]) != (sent["title"], sent["kind"]):
        raise Refused(
            f"Le titre et la nature d’un point convoqué ne changent plus : remettez « {sent['title']} », ou inscrivez une "
            "autre question à un ordre du jour complémentaire."
        )
    if not any(said[name] != sent[name] for name in ("summary", "note", "body", "rapporteur", "behind_closed_doors")):
        raise Refused("Rien n’a changé dans le texte : modifiez le point, puis envoyez la correction.")
    _check_note(sitting, said["kind"], said["note"], before.title)
    pages.require_complete(draft)
    draft.attachments.set(list(copying.convened(place).attachments.all()))
    return draft


def _check_note(sitting: SittingPage, kind: str, note: str, title: str) -> None:
    if kind in DECIDED and not note.strip() and convening.law_of(sitting).notes:
        raise Refused(f"La note de synthèse manque pour « {title} » (art. L2121-12) : écrivez-la d’abord.")


# Items added while there is time.


@transaction.atomic
def open_addition(*, sitting: SittingPage, reason: str, by: User) -> PaperChange:
    """« Ouvrir un ordre du jour complémentaire » : items may be written below the sitting again. Refused out of time."""
    sitting = _to_come(sitting, by, "compléter l’ordre du jour de")
    _check_time(sitting)
    if queries.open_addition(sitting):
        raise Refused("Un ordre du jour complémentaire est déjà ouvert : ajoutez-y vos points.")
    change = PaperChange.objects.create(sitting=sitting, kind=ChangeKind.ADDED, reason=_reason(reason), opened_by=by)
    log(sitting, "council.agenda.complete", user=by, data={"why": change.reason})
    return change


def _check_time(sitting: SittingPage) -> None:
    """The jours francs are counted from this sending as from the first one. Raises Refused with the ways out."""
    if sitting.sitting_kind == SittingKind.SECOND:
        raise Refused(
            "Une seconde convocation porte sur les mêmes questions que la première (art. L2121-17) : inscrivez ce point à "
            "une autre séance."
        )
    due, article = adding.last_day(sitting)
    if due is None:
        raise Refused(
            "Le délai de convocation de cette séance n’est pas connu : donnez-le dans les réglages du conseil."
        )
    if timezone.localdate() > due:
        raise Refused(
            f"Il est trop tard pour ajouter un point : il devait partir le {day(due)} au plus tard (art. {article}). "
            f"{ANOTHER_WAY[0].upper()}{ANOTHER_WAY[1:]}."
        )


def _added(sitting: SittingPage) -> list[AgendaPlace]:
    """Each with its row."""
    rows = adding.added(sitting)
    for row in rows:
        if row.pk is None:
            row.save()
    return rows


@transaction.atomic
def number_added(*, sitting: SittingPage, chosen: dict[int, str], by: User) -> None:
    """Item's id → « 6 bis », or "" for the end. Raises PermissionDenied, Refused (a number that is taken)."""
    sitting = _to_come(sitting, by, "compléter l’ordre du jour de")
    for row in _added(sitting):
        number = chosen.get(row.item_id, row.number)
        others = [one for one in adding.taken(sitting) if one != row.number]
        if number and number not in dict(numbers.offered(others)):
            raise Refused(f"Le numéro {number} est déjà pris : choisissez une autre place.")
        AgendaPlace.objects.filter(pk=row.pk).update(number=number)


@transaction.atomic
def sign_addition(*, change: PaperChange, by: User) -> Signature:
    """The maire, or who presides, arrêtes what is added. Raises PermissionDenied, Refused."""
    mandate = convening.signs_for(change.sitting, by)
    if mandate is None or not permissions.abilities(by, change.sitting)["read_draft"]:
        raise PermissionDenied("Seul le maire, ou qui préside cette instance, arrête l’ordre du jour et signe.")
    return _signed(change, mandate, on=timezone.localdate(), proof="", by=by)


@transaction.atomic
def record_addition_signature(
    *, change: PaperChange, mandate: Mandate, signed_on: date, proof: str, by: User
) -> Signature:
    """The same, given on paper. Raises PermissionDenied, Refused."""
    require_manager(by, change.sitting, "faire signer")
    check_on_paper(change.sitting, mandate, signed_on, proof)
    return _signed(change, mandate, on=signed_on, proof=proof.strip(), by=by)


def _signed(change: PaperChange, mandate: Mandate, *, on: date, proof: str, by: User) -> Signature:
    change = _still_open(change)
    if not _added(change.sitting):
        raise Refused("Aucun point n’est ajouté : écrivez-en un sous la séance, puis signez.")
    change.signature = Signature.objects.create(
        sitting=change.sitting,
        mandate=mandate,
        quality=mandate.office or "Membre",
        signed_on=on,
        on_screen=not proof,
        proof=proof,
        agenda_hash=adding.signed_hash(change.sitting),
        by=by,
    )
    change.save(update_fields=["signature"])
    log(change.sitting, "council.agenda.sign", user=by, data={"by": str(mandate), "on": on.isoformat(), "proof": proof})
    return change.signature


@transaction.atomic
def send_addition(*, change: PaperChange, by: User) -> PaperChange:
    """« Envoyer l’ordre du jour complémentaire » : its items are numbered, frozen, opened and sent. All of it or nothing.

    Raises PermissionDenied, Refused (out of time, not signed, a note missing, nothing added).
    """
    sitting = _to_come(change.sitting, by, "compléter l’ordre du jour de")
    change = _still_open(change)
    _check_time(sitting)
    _check_addition(change, sitting, by)
    added = _numbered(sitting, _added(sitting))
    for row in added:
        row.convened_revision = row.item.get_latest_revision()
        row.save(update_fields=["convened_revision"])
    _freeze_added(change, added, by)
    for row in added:
        assert row.convened_revision is not None
        revising.keep(row.convened_revision, because=f"Ordre du jour complémentaire : {change.reason}"[:200])
        pages.publish_draft(page=row.item, revision=row.convened_revision, author=by)
    check_readers(sitting, list(convening.to_convene(sitting)))
    return _send(change, by=by, items=[f"{row.number}. {row.item.title}" for row in added])


def _check_addition(change: PaperChange, sitting: SittingPage, by: Any) -> None:
    added = _added(sitting)
    names = adding.known_as(permissions.Viewer(by), added)
    if not added:
        raise Refused("Aucun point n’est ajouté : écrivez-en un sous la séance, puis faites-le signer.")
    if change.signature is None:
        raise Refused(
            "L’ordre du jour complémentaire n’est pas signé : demandez au maire de signer, rien ne part avant."
        )
    if change.signature.agenda_hash != adding.signed_hash(sitting):
        raise Refused("Un point ou son numéro a changé depuis la signature : faites-le signer de nouveau.")
    if not pdf.is_available():
        raise Refused(
            "L’ordre du jour complémentaire part en PDF, et Pango manque à ce serveur : installez-la d’abord."
        )
    for row in added:
        draft = row.item.get_latest_revision_as_object()
        _check_note(sitting, draft.item_kind, draft.note, names[row.item_id])


def _numbered(sitting: SittingPage, added: list[AgendaPlace]) -> list[AgendaPlace]:
    """Each with its number, standing where its number says; those that were announced keep theirs."""
    rows = agenda.placed(sitting)
    for row in added:
        if not row.number:
            row.number = numbers.at_the_end([one.number for one in (*rows, *added) if one.number])
    own = {row.pk for row in added}
    order = [row for row in rows if row.pk not in own]
    for row in sorted(added, key=lambda one: numbers.key(one.number)):
        before = [
            place for place, one in enumerate(order) if one.number and numbers.key(one.number) < numbers.key(row.number)
        ]
        order.insert(before[-1] + 1 if before else 0, row)
    for position, row in enumerate(order, 1):
        row.position = position
        row.save(update_fields=["position", "number"])
    return [row for row in order if row.pk in own]


def _freeze_added(change: PaperChange, added: Iterable[AgendaPlace], by: User) -> None:
    rows = [row for place in added for row in copying.item_rows(place, copying.convened(place), by=by, change=change)]
    FrozenPaper.objects.bulk_create(rows)


@transaction.atomic
def drop_addition(*, change: PaperChange, by: User) -> None:
    """Nothing is added after all: once its items have gone elsewhere. Raises PermissionDenied, Refused."""
    require_manager(by, change.sitting, "compléter l’ordre du jour de")
    change = _still_open(change)
    left = adding.known_as(permissions.Viewer(by), _added(change.sitting))
    if left:
        titles = ", ".join(f"« {title} »" for title in left.values())
        raise Refused(
            f"Il reste {titles} : renvoyez chaque point à la prochaine séance, ou supprimez-le, puis abandonnez."
        )
    change.dropped_at = timezone.now()
    change.save(update_fields=["dropped_at"])


# The sending.


def _send(change: PaperChange, *, by: User, **said: Any) -> PaperChange:
    """To each councillor in office his mail, or his paper, in the caller's transaction."""
    change.sent_at, change.sent_by = timezone.now(), by
    change.save()
    for mandate in convening.to_convene(change.sitting):
        _dispatch(change, mandate, by)
    log(
        change.sitting,
        f"council.paper.{change.kind}",
        user=by,
        data={"change": change.pk, "why": change.reason, **said},
    )
    return change


def _dispatch(change: PaperChange, mandate: Mandate, by: User) -> Dispatch:
    sent = Dispatch(change=change, mandate=mandate, way=Way.PAPER)
    if mandate.account is not None and convening.sendings([mandate])[mandate.pk] != Sending.PAPER:
        sent.way, sent.address = Way.MAIL, str(mandate.account.email)
        sent.mail = notices.tell(kind="paper_change", to=mandate.account, page=change.sitting, by=by, always=True).mail
    sent.save()
    return sent
