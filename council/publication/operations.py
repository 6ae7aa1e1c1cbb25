"""Deeds on acts: take up, deposit, choose about personal data, publish, take down. Right, check, change, log."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from council.acts.models import Deliberation
from council.decisions.models import Decision
from council.decisions.queries import keeps
from council.members.models import Instance
from council.publication import beside, files, papers, personal, queries, wording
from council.publication.files import Signed
from council.publication.models import (
    Act,
    ActFile,
    Choice,
    FileRole,
    Flag,
    Identity,
    Publication,
    PublicationMode,
    Way,
)
from kb.exchange.pdf import PdfUnavailable
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import day


def take_up(*, deliberation: Deliberation | None = None, decision: Decision | None = None) -> Act:
    """The act of a délibération just numbered, or of a decision just taken, in their transaction."""
    if deliberation is not None:
        values = {
            "number": deliberation.number,
            "decided_on": deliberation.decided_on,
            "instance": deliberation.sitting.instance,
        }
        return Act.objects.get_or_create(deliberation=deliberation, defaults=values)[0]
    assert decision is not None
    values = {"number": decision.number, "decided_on": decision.taken_on, "instance": decision.instance}
    return Act.objects.get_or_create(decision=decision, defaults=values)[0]


def locked(act: Act, by: User) -> Act:
    """The act, its right asked; two people write one after the other. Raises PermissionDenied."""
    act = Act.objects.select_for_update().get(pk=act.pk)
    if not queries.may_keep(by, act):
        raise PermissionDenied("Seuls les responsables de la séance suivent ses actes.")
    return act


def is_settled(act: Act) -> bool:
    """Whether the public has the act as it stands: nothing of it moves. A correction opens it again."""
    return queries.standing_publication(act) is not None and queries.unpublished_correction(act) is None


# The files.


def deposit_signed(*, act: Act, data: bytes, file_name: str, by: User) -> ActFile:
    """The signed act comes back: kept, read, examined. Raises PermissionDenied, Refused."""
    with transaction.atomic():
        act = locked(act, by)
        if is_settled(act):
            raise Refused(
                f"{act} est publié : on ne remplace pas un acte publié. Retirez-le de la publication d’abord."
            )
        row = files.store(act, FileRole.SIGNED, data, file_name, by=by)
        log(act.instance, "council.act.signed", user=by, data={"number": act.number, "sha256": row.sha256})
    examine(act=act)
    return row


@transaction.atomic
def deposit_annex(*, act: Act, data: bytes, file_name: str, by: User) -> ActFile:
    """A paper that travels to the préfet with the act. Raises PermissionDenied, Refused."""
    return files.store(locked(act, by), FileRole.ANNEX, data, file_name, by=by)


def deposit_masked(*, act: Act, data: bytes, file_name: str, by: User) -> ActFile:
    """A public version that somebody masked by hand, beside the signed act as it stands: its pages alone are kept.

    Raises PermissionDenied, Refused.
    """
    signed = _signed(act)
    with transaction.atomic():
        act = locked(act, by)
        if is_settled(act):
            raise Refused(f"{act} est publié : retirez-le de la publication pour changer sa version publique.")
        files.check(FileRole.MASKED, data, file_name)
        row = files.store(act, FileRole.MASKED, beside.stripped(data), file_name, by=by, masks=signed.sha256)
        log(act.instance, "council.act.masked", user=by, data={"number": act.number, "sha256": row.sha256})
        return row


def _signed(act: Act) -> Signed:
    found = files.signed_of(act)
    if found is None:
        raise Refused(
            f"{act} n’est pas signé ici : imprimez l’acte, faites-le signer, puis déposez sa version signée en PDF."
        )
    return found


# What tells of people.


def examine(*, act: Act) -> list[Flag]:
    """Flags whatever the act's words and its signed file tell of people; what was chosen stays. Returns what is undecided.

    Asks no right: it shows nothing. The file is read before the transaction, in a child.
    """
    signed = files.signed_of(act)
    read = files.text_in(signed.sha256, signed.data) if signed else None
    found = personal.found_in(wording.text_of(act))
    known = {"".join(one.words.split()) for one in found}
    if read is not None:
        in_file = personal.found_in(read.text)
        found += [one for one in in_file if "".join(one.words.split()) not in known]
        if not read.readable and signed is not None:
            found.append(personal.Personal(personal.UNREADABLE, f"{signed.file_name} (SHA-256 {signed.sha256[:12]}…)"))
    with transaction.atomic():
        Act.objects.select_for_update().get(pk=act.pk)
        there = set(Flag.objects.filter(act=act).values_list("kind", "words"))
        Flag.objects.bulk_create(
            Flag(act=act, kind=one.kind, words=one.words, must_go=one.must_go)
            for one in found
            if (one.kind, one.words) not in there
        )
        return list(Flag.objects.filter(act=act, choice=""))


def undecided_words(act: Act) -> list[str]:
    """What the act's own words tell of people and nobody has chosen about, its signed file deposited or not."""
    chosen = {"".join(flag.words.split()) for flag in act.flags.all() if flag.choice}
    found = personal.found_in(wording.text_of(act))
    return [one.words for one in found if "".join(one.words.split()) not in chosen]


@transaction.atomic
def choose(*, flag: Flag, choice: Choice, reason: str, by: User) -> Flag:
    """« Masquer » or « Garder », with a reason. Raises PermissionDenied, Refused."""
    act = locked(flag.act, by)
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    if is_settled(act):
        raise Refused(f"{act} est publié : retirez-le de la publication pour changer ce qui est masqué.")
    if not reason.strip():
        raise Refused(
            "Un choix se garde avec sa raison : « élu dans l’exercice de son mandat », « particulier, sans intérêt public »."
        )
    if flag.must_go and choice == Choice.KEPT:
        raise Refused(
            "Une aide sociale individuelle ne se publie jamais avec le nom : masquez ce passage, la version signée le garde."
        )
    flag.choice, flag.reason, flag.chosen_at, flag.chosen_by = choice, reason.strip(), timezone.now(), by
    flag.save()
    log(
        act.instance,
        "council.act.personal",
        user=by,
        data={"number": act.number, "kind": flag.kind, "choice": str(Choice(choice).label), "reason": flag.reason},
    )
    return flag


@transaction.atomic
def mask_more(*, act: Act, words: str, reason: str, by: User) -> Flag:
    """A passage that nothing flagged, and that a person wants masked. Raises PermissionDenied, Refused."""
    act = locked(act, by)
    words = " ".join(words.split())
    if not words or words not in " ".join(wording.text_of(act).split()):
        raise Refused("Ce passage n’est pas dans le texte de l’acte : recopiez-le tel qu’il y est écrit.")
    flag, _ = Flag.objects.get_or_create(act=act, kind=personal.BY_HAND, words=words)
    return choose(flag=flag, choice=Choice.MASKED, reason=reason, by=by)


# Publishing.


def publish(*, act: Act, up_on: date, by: User) -> Publication:
    """The act becomes public, by the town's way, as it is signed or in its masked version. All of it or nothing.

    What was corrected since takes the place of what the public had, whose row stays.
    Raises PermissionDenied, Refused: unsigned, undecided personal data, a décision without delegation, CCAS.
    """
    signed = _signed(act)
    examine(act=act)
    with transaction.atomic():
        act = locked(act, by)
        _check(act, up_on)
        check_signs_the_correction(act, signed)
        _replace(act, up_on, by)
        flags = list(act.flags.all())
        mode = queries.mode_of(act.instance, up_on)
        masked = any(flag.choice == Choice.MASKED for flag in flags)
        public = _public_version(act, flags, signed, by) if masked else None
        shown = public or signed
        made = Publication.objects.create(
            act=act,
            way=mode.way,
            author=papers.author_of(act),
            signed_sha256=signed.sha256,
            file_name=str(public.file.name) if public else signed.name,
            sha256=shown.sha256,
            mime=shown.mime,
            size=shown.size,
            subject=wording.public_subject(act, flags),
            masked=masked,
            named=any(flag.kind != personal.UNREADABLE for flag in flags),
            up_on=up_on,
            by=by,
        )
        log(act.instance, "council.act.publish", user=by, data={"number": act.number, "sha256": made.sha256})
        return made


def _check(act: Act, up_on: date) -> None:
    if act.instance.body in queries.NEVER_PUBLIC:
        raise Refused(f"Les actes de « {act.instance} » ne sont jamais publics : rien n’est à publier.")
    if act.decision is not None and act.decision.delegation is None:
        raise Refused(
            f"{act} ne dit pas sur quelle délégation du conseil elle repose : reprenez-la avant de la publier."
        )
    if is_settled(act):
        raise Refused(f"{act} est déjà publié.")
    before = queries.standing_publication(act)
    if before and up_on < before.up_on:
        raise Refused(f"L’acte est publié depuis le {day(before.up_on)} : sa correction ne peut pas l’être avant.")
    if up_on > timezone.localdate():
        raise Refused(f"Le {day(up_on)} n’est pas encore passé : publiez ce jour-là, ou donnez la date d’aujourd’hui.")
    if up_on < act.decided_on:
        raise Refused(f"L’acte est du {day(act.decided_on)} : il ne peut pas être publié avant.")
    if queries.mode_of(act.instance, up_on).way == Way.ELECTRONIC and up_on != timezone.localdate():
        raise Refused("En ligne, un acte est publié le jour où il paraît : donnez la date d’aujourd’hui.")
    waiting = queries.undecided(act)
    if waiting:
        kinds = ", ".join(dict.fromkeys(flag.kind for flag in waiting))
        raise Refused(f"L’acte contient {kinds} : masquez ou gardez chaque passage, avec une raison, puis publiez.")


def check_signs_the_correction(act: Act, signed: Signed) -> None:
    """What was signed before the text moved is not the act any more. Raises Refused."""
    correction = queries.last_correction(act)
    if correction and signed.at < correction.at:
        raise Refused(
            f"{act} a été corrigée le {day(correction.at)}, après sa signature : faites signer le texte corrigé, déposez-le en "
            "PDF, puis reprenez."
        )


def _replace(act: Act, on: date, by: User) -> None:
    """What the public had until then goes down as its correction goes up."""
    standing = queries.standing_publication(act)
    if standing is not None:
        standing.down_on, standing.down_why = on, queries.REPLACED
        standing.down_at, standing.down_by = timezone.now(), by
        standing.save()  # search is told of each


def _public_version(act: Act, flags: list[Flag], signed: Signed, by: User) -> ActFile:
    """The one masked by hand beside this signed file, else the one that we write."""
    by_hand = files.newest(act, FileRole.MASKED)
    if by_hand is not None and by_hand.masks == signed.sha256:
        read = files.text_in(by_hand.sha256, lambda: _bytes(by_hand)).text
        _check_masked(act, flags, f"{read}\n\n{beside.said(_bytes(by_hand))}")
        return by_hand
    _check_masked(act, flags, wording.masked_text(personal.paragraphs(wording.text_of(act)), wording.to_mask(flags)))
    try:
        data = papers.public_version(act, flags)
    except PdfUnavailable as missing:
        raise Refused(f"{missing} Ou déposez vous-même la version masquée, en PDF.") from missing
    return files.store(act, FileRole.PUBLIC, data, papers.MASKED_NAME, by=by, masks=signed.sha256)


def _bytes(row: ActFile) -> bytes:
    with row.file.storage.open(str(row.file.name), "rb") as source:
        return bytes(source.read())


def _check_masked(act: Act, flags: list[Flag], text: str) -> None:
    """Nothing that had to be masked is left, nothing new shows."""
    flat = " ".join(text.split())
    left = [words for words in wording.to_mask(flags) if " ".join(words.split()) in flat]
    chosen = {" ".join(flag.words.split()) for flag in flags if flag.choice == Choice.KEPT}
    fresh = [one.words for one in personal.found_in(text) if " ".join(one.words.split()) not in chosen]
    if left or fresh:
        raise Refused(
            f"La version publique montre encore « {(left or fresh)[0]} » : masquez ce passage, ou déposez une version où il "
            "ne se lit plus."
        )


@transaction.atomic
def take_down(*, publication: Publication, on: date, why: str, by: User) -> Publication:
    """The act is no longer shown. Before the two months, only with a reason. Raises PermissionDenied, Refused."""
    act = locked(publication.act, by)
    publication = Publication.objects.select_for_update().select_related("act__instance").get(pk=publication.pk)
    if publication.down_at is not None:
        raise Refused(f"{act} est déjà retiré.")
    if on > timezone.localdate() or on < publication.up_on:
        raise Refused(f"Donnez le jour du retrait, entre le {day(publication.up_on)} et aujourd’hui.")
    until = queries.last_day_up(publication)
    if on < until and not why.strip():
        raise Refused(
            f"Un acte reste publié au moins jusqu’au {day(until)} (art. R2131-1) : attendez ce jour, ou écrivez pourquoi il "
            "faut le retirer plus tôt."
        )
    publication.down_on, publication.down_why = on, why.strip()
    publication.down_at, publication.down_by = timezone.now(), by
    publication.save()
    log(act.instance, "council.act.down", user=by, data={"number": act.number, "why": publication.down_why})
    return publication


# The town's settings.


@transaction.atomic
def choose_way(*, instance: Instance, way: Way, since: date, deliberation: str, by: User) -> PublicationMode:
    """How the town publishes from a day on. Raises PermissionDenied, Refused."""
    if not keeps(by, instance):
        raise PermissionDenied("Seuls les responsables des séances règlent la publication.")
    if way != Way.ELECTRONIC and not queries.may_choose_way(instance, since):
        raise Refused(
            "L’affichage ou le papier se choisissent sous 3 500 habitants (art. L2131-1) : gardez la publication en ligne."
        )
    if way != Way.ELECTRONIC and not deliberation.strip():
        raise Refused("Le conseil choisit ce mode par une délibération : écrivez son numéro.")
    row = PublicationMode.objects.create(
        instance=instance, way=way, since=since, deliberation=deliberation.strip(), noted_by=by
    )
    log(instance, "council.publication.way", user=by, data={"way": str(Way(way).label), "since": since.isoformat()})
    return row


@transaction.atomic
def identify(*, instance: Instance, siret: str, prefecture: str, by: User) -> Identity:
    """The SIRET and the préfecture that open data names. Raises PermissionDenied."""
    if not keeps(by, instance):
        raise PermissionDenied("Seuls les responsables des séances règlent la publication.")
    values = {"siret": siret, "prefecture": prefecture}
    row, _ = Identity.objects.update_or_create(instance=instance, defaults=values)
    log(instance, "council.publication.identity", user=by, data=values)
    return row
