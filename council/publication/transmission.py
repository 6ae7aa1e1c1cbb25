"""Deeds of the sending to the préfet: the outgoing folder, the day it left, the acknowledgement."""

import io
import json
import zipfile
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.acts.models import Correction
from council.nomenclature import BY_CODE, LONGEST_SUBJECT, NATURES, matter_name, sent_number
from council.publication import files, queries, receipts
from council.publication.models import Act, FileRole, Resending, SendingWay, Transmission
from council.publication.operations import check_signs_the_correction, locked
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day


@transaction.atomic
def classify(*, act: Act, matter: str, by: User) -> Act:
    """The matter of the @CTES classification. Raises PermissionDenied, Refused."""
    act = locked(act, by)
    if matter not in BY_CODE:
        raise Refused("Choisissez une matière de la classification de la préfecture.")
    source = act.source
    source.matter = matter
    source.save(update_fields=["matter"])
    return act


def outgoing(*, act: Act, by: User) -> bytes:
    """The folder for the town's tool of télétransmission: PDF, nature, matière, objet, numéro, pieces. Raises Refused."""
    if not queries.may_keep(by, act):
        raise Refused("Seuls les responsables de la séance envoient ses actes.")
    signed = files.signed_of(act)
    if signed is None:
        raise Refused(f"{act} n’est pas signé ici : déposez d’abord l’acte signé, en PDF.")
    if act.matter not in BY_CODE:
        raise Refused(
            f"{act} n’a pas de matière : choisissez-la dans la classification de la préfecture, puis reprenez."
        )
    sent, annexes = queries.transmission_of(act), list(act.files.filter(role=FileRole.ANNEX))
    number, out = sent_number(act.number), io.BytesIO()
    code, nature = NATURES[sent.nature if sent else "1"]
    pieces = [f"pieces/{rank:02d}-{one.file_name}" for rank, one in enumerate(annexes, 1)]
    told = {
        "numero": number,
        "date": act.decided_on.isoformat(),
        "nature": {"code": code, "libelle": nature},
        "matiere": {"code": act.matter, "libelle": matter_name(act.matter)},
        "objet": act.subject[:LONGEST_SUBJECT],
        "acte": {"fichier": f"{number}.pdf", "sha256": signed.sha256},
        "pieces": [{"fichier": name, "sha256": one.sha256} for name, one in zip(pieces, annexes, strict=True)],
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{number}.pdf", signed.data())
        for name, one in zip(pieces, annexes, strict=True):
            with one.file.storage.open(str(one.file.name), "rb") as source:
                folder.writestr(name, source.read())
        folder.writestr("bordereau.json", json.dumps(told, ensure_ascii=False, indent=2))
        folder.writestr("bordereau.txt", _as_words(told))
    return out.getvalue()


def _as_words(told: dict[str, Any]) -> str:
    """What an agent types in the tool, in the order of its screen."""
    lines = [
        f"Numéro de l’acte : {told['numero']}",
        f"Date de la décision : {told['date']}",
        f"Nature : {told['nature']['libelle']} ({told['nature']['code']})",
        f"Matière : {told['matiere']['code']} {told['matiere']['libelle']}",
        f"Objet : {told['objet']}",
        f"Fichier de l’acte : {told['acte']['fichier']}",
        *(f"Pièce : {one['fichier']}" for one in told["pieces"]),
    ]
    return "\r\n".join(lines) + "\r\n"


@transaction.atomic
def note_sent(*, act: Act, way: SendingWay, nature: str, on: date | None, by: User) -> Transmission | Resending:
    """The act left, or the law does not ask it; once corrected, it leaves again. Raises PermissionDenied, Refused."""
    act = locked(act, by)
    correction = queries.correction_to_send(act) or _left_unreceived(act)
    if way != SendingWay.NONE:
        _check_leaves(act, on)
    row = _send_again(act, correction, way, on, by) if correction else _send_first(act, way, nature, on, by)
    log(act.instance, "council.act.send", user=by, data={"number": act.number, "way": str(SendingWay(way).label)})
    return row


def _left_unreceived(act: Act) -> Correction | None:
    """The correction that was sent again and that the préfet has not acknowledged: its day may still be mended."""
    last = queries.last_sending(act)
    return last.carries if isinstance(last, Resending) and last.received_on is None else None


def _check_leaves(act: Act, on: date | None) -> None:
    if on is None:
        raise Refused("Donnez le jour de l’envoi.")
    if not act.decided_on <= on <= timezone.localdate():
        raise Refused(f"L’acte est du {day(act.decided_on)} : donnez un jour entre celui-là et aujourd’hui.")
    if files.signed_of(act) is None:
        raise Refused(f"{act} n’est pas signé ici : déposez l’acte signé, puis notez son envoi.")


def _send_first(act: Act, way: SendingWay, nature: str, on: date | None, by: User) -> Transmission:
    known = queries.transmission_of(act)
    if known is not None and known.received_on:
        raise Refused(f"{act} est reçu depuis le {day(known.received_on)} : son envoi ne change plus.")
    leaves = None if way == SendingWay.NONE else on
    values = {
        "way": way,
        "nature": nature,
        "sent_on": leaves,
        "carries": queries.carried(act, leaves) if leaves else None,
        "noted_by": by,
        "noted_at": timezone.now(),
    }
    return Transmission.objects.update_or_create(act=act, defaults=values)[0]


def _send_again(act: Act, correction: Correction, way: SendingWay, on: date | None, by: User) -> Resending:
    """The corrected text, signed as it now stands; what the préfet had before stays written."""
    if way == SendingWay.NONE or on is None:
        raise Refused(f"{act} est déjà allé au préfet : sa correction y va aussi. Choisissez comment elle part.")
    if on < timezone.localdate(correction.at):
        raise Refused(f"La correction est du {day(correction.at)} : elle n’a pas pu partir avant.")
    signed = files.signed_of(act)
    assert signed is not None  # _check_leaves
    check_signs_the_correction(act, signed)
    values = {"way": way, "sent_on": on, "noted_by": by, "noted_at": timezone.now()}
    return Resending.objects.update_or_create(act=act, carries=correction, defaults=values)[0]


@transaction.atomic
def note_received(*, act: Act, on: date, number: str, by: User) -> Transmission | Resending:
    """The acknowledgement, typed, of the newest sending that had left by that day. A day given wrong is given again.

    Raises PermissionDenied, Refused.
    """
    act = locked(act, by)
    if not act.decided_on <= on <= timezone.localdate():
        raise Refused(f"L’acte est du {day(act.decided_on)} : il est reçu entre ce jour-là et aujourd’hui.")
    row = act.resendings.filter(sent_on__lte=on).last() or _first_sending(act, on)
    row.received_on, row.receipt_number, row.noted_by, row.noted_at = on, number.strip()[:80], by, timezone.now()
    row.save()
    log(act.instance, "council.act.received", user=by, data={"number": act.number, "receipt": row.receipt_number})
    return row


def _first_sending(act: Act, on: date) -> Transmission:
    row = queries.transmission_of(act)
    if row is None:
        return Transmission(act=act, way=SendingWay.ELECTRONIC, sent_on=on, carries=queries.carried(act, on))
    if row.way == SendingWay.NONE:
        raise Refused(f"{act} est noté comme non soumis à transmission : notez d’abord son envoi.")
    if row.sent_on and on < row.sent_on:
        raise Refused(f"L’acte est parti le {day(row.sent_on)} : il n’a pas pu être reçu avant.")
    return row


def drop_receipt(*, act: Act, data: bytes, file_name: str, by: User) -> Transmission | Resending:
    """The acknowledgement's file fills its number and its day, and is kept. Raises PermissionDenied, Refused."""
    found = receipts.of_xml(data)
    if found == receipts.Receipt() and data.startswith(b"%PDF"):
        found = receipts.of_text(files.read_once(data))
    if not found.number or found.received_on is None:
        raise Refused("Le numéro ou la date ne se lisent pas dans ce fichier : écrivez-les à la main, ci-dessous.")
    if found.act != sent_number(act.number):
        raise Refused(f"Cet accusé de réception est celui de l’acte {found.act} : déposez-le sur cet acte.")
    with transaction.atomic():
        row = note_received(act=act, on=found.received_on, number=found.number, by=by)
        files.store(act, FileRole.RECEIPT, data, file_name, by=by)
        return row
