"""What is asked of buttons."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from kb import typography
from kb.buttons.models import ButtonUse, Device, PersonalButton, Pressed
from kb.people.models import User
from kb.prepared import Prepared

_of_session = Prepared(
    lambda button: PersonalButton.objects.filter(pk=button).values_list("person", "ended_at", "until"), slots=1
)


def newest_of(person: Any) -> PersonalButton | None:
    """The person's newest button that works."""
    open_ones = PersonalButton.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), person=person, ended_at=None)
    return open_ones.select_related("person").order_by("-made_at", "-pk").first()


def button_for_address(address: str) -> PersonalButton | None:
    """The button of whoever has this e-mail address, if he has one that works. To be told to nobody."""
    person = User.objects.filter(email__iexact=address.strip(), is_active=True, is_superuser=False).first()
    return newest_of(person) if person else None


def still_opens(button_id: int, person_id: int) -> bool:
    """Whether a session that was opened by this button may go on. One query."""
    rows = _of_session(button_id)
    if not rows or rows[0][0] != person_id:
        return False
    button = PersonalButton.objects.filter(pk=button_id)
    return bool(rows[0][1] is None and (rows[0][2] is None or button.filter(until__gt=timezone.now()).exists()))


SHOWN = 20


def entries_of(person: Any) -> list[dict[str, str]]:
    """The last uses of the person's own buttons, for that person alone: the newest first."""
    uses = ButtonUse.objects.filter(button__person=person).order_by("-at", "-pk")[:SHOWN]
    return [{"when": typography.moment(use.at), "what": str(Pressed(use.outcome).label)} for use in uses]


def devices_line(person: Any) -> str:
    """« 2 appareils entrent sans code. », or nothing."""
    known = Device.objects.filter(person=person, ended_at=None).count()
    if not known:
        return ""
    return f"{typography.count(known, 'appareil')} {'entre' if known == 1 else 'entrent'} sans code."
