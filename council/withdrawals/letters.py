"""What is written of a withdrawal: to who manages the sitting, who prepares the roll and the votes of that item."""

from django.utils import timezone

from council.withdrawals.models import Ground, Withdrawal
from kb import permissions
from kb.notices.journal import says
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail, MailState, Notice
from kb.notices.queries import Needs
from kb.sharing.letters import is_quiet

KIND = "Ne prend pas part"
ABOUT = "Un point en accès réservé"
WHY = "Vous recevez ce courriel parce que vous êtes responsable de la page de cette séance."


def _withdrawal(mail: Mail) -> Withdrawal:
    """Raises Withheld where it is no longer this person's business, nor anybody's."""
    found = Withdrawal.objects.select_related("item", "sitting", "mandate").filter(pk=mail.data["withdrawal"]).first()
    if found is None or not permissions.abilities(mail.to, found.item)["publish"]:
        raise Withheld("La personne n’est plus responsable de cette séance.")
    if found.sitting.starts_at <= timezone.now():
        raise Withheld("La séance a commencé : la page du point le dit.")
    return found


def _letter(found: Withdrawal, sentence: str, *after: str) -> Letter:
    return Letter(
        subject=sentence,
        kind=KIND,
        title=ABOUT if is_quiet(found.item) else found.item.title,
        paragraphs=(f"{sentence}.", *after),
        button="Ouvrir le point",
        path=f"/p/{found.item_id}/",
        why=WHY,
    )


@writes("withdrawal_declared", label="Membre qui ne prend pas part")
def withdrawal_declared(mail: Mail) -> Letter:
    """The member's own words stay on the page: a mailbox is read by others than its owner."""
    found = _withdrawal(mail)
    if found.ended_at:
        raise Withheld("Le membre y prend part de nouveau.")
    return _letter(
        found,
        f"{found.mandate} ne prend pas part à une affaire",
        f"Raison : {str(Ground(found.ground).label).lower()}. À la séance, ce membre ne débat pas et ne vote pas sur ce point, "
        "et le pouvoir qu’il porte ou qu’il donne n’y sert pas.",
    )


@writes("withdrawal_ended", label="Membre qui prend part de nouveau")
def withdrawal_ended(mail: Mail) -> Letter:
    """Only to who was written the contrary: what was said and taken back before any mail left is no news."""
    found = _withdrawal(mail)
    told = Mail.objects.filter(kind="withdrawal_declared", to=mail.to_id, data__withdrawal=found.pk)
    if not told.exclude(state=MailState.WITHHELD).exists():
        raise Withheld("Aucun courriel ne lui avait dit le contraire.")
    return _letter(found, f"{found.mandate} prend finalement part à une affaire")


@says("withdrawal_declared", to=Needs.MANAGES)
def declared_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"{notice.data['who']} ne prend pas part à cette affaire.", ""


@says("withdrawal_ended", to=Needs.MANAGES)
def ended_told(notice: Notice) -> tuple[str, str]:
    """The line of a journal."""
    return f"{notice.data['who']} prend finalement part à cette affaire.", ""
