"""Deeds on buttons: make one, end it, press it, ask for a code, type it. Each is one transaction, and leaves its trace."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from wagtail.log_actions import log

from kb.buttons import tokens
from kb.buttons.models import ButtonUse, Device, PersonalButton, Pressed, SignInCode, SixDigits
from kb.notices import operations as notices
from kb.people.account import User
from kb.refusals import Refused

MOST_CODES = 3  # of one person in the time that a code lives: a mailbox is not to be flooded
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """What pressing gives: the person is in, or a code was sent."""

    button: PersonalButton
    entered: bool


@transaction.atomic
def give(*, person: Any, opens: str, path: str, by: User | None, until: datetime | None = None) -> PersonalButton:
    """A button for `person`; `opens` ends « Vous allez ouvrir… ». The caller has judged that he may have it.

    Raises Refused for an administrator (a mail is no key to everything) and for a closed account.
    """
    if person.is_superuser:
        raise Refused(f"{person} administre le site : un courriel ne suffit pas pour entrer, son mot de passe le fait.")
    if not person.is_active:
        raise Refused(f"Le compte de {person} est fermé : rouvrez-le d’abord.")
    button = PersonalButton.objects.create(person=person, opens=opens[:200], path=path[:300], made_by=by, until=until)
    log(person, "kb.button.give", user=by, data={"opens": button.opens})
    return button


@transaction.atomic
def end(*, button: PersonalButton, by: User | None, because: str) -> None:
    """It opens nothing more, and who entered by it is out at his next step. Ended once."""
    rows = PersonalButton.objects.filter(pk=button.pk, ended_at=None)
    if rows.update(ended_at=timezone.now(), ended_because=because[:200]):
        log(button.person, "kb.button.end", user=by, data={"opens": button.opens, "why": because})


@transaction.atomic
def press(*, button: PersonalButton, device_key: str) -> Entry:
    """Enters where the button was never pressed, or the device is one of the person's; else a code is sent.

    Raises Refused when the button works no more: the use is written all the same.
    """
    button = PersonalButton.objects.select_for_update().select_related("person").get(pk=button.pk)
    if not button.works:
        _written(button, Pressed.REFUSED)
        return Entry(button, False)
    known = _device(button.person, device_key)
    if known is None and _was_pressed(button):
        send_code(button=button)
        return Entry(button, False)
    _written(button, Pressed.ENTERED, known or _remembered(button.person, device_key))
    return Entry(button, True)


def _was_pressed(button: PersonalButton) -> bool:
    """Whether somebody entered by this button already: from then on, another device must show that it reads the mailbox."""
    return button.uses.filter(outcome__in=(Pressed.ENTERED, Pressed.ENTERED_BY_CODE)).exists()


@transaction.atomic
def send_code(*, button: PersonalButton) -> SignInCode | None:
    """Six digits to the person's mailbox. None, and no mail, when three were sent in the last quarter of an hour."""
    if not may_be_sent(SignInCode.objects.filter(person=button.person)):
        return None
    code = SignInCode.objects.create(person=button.person, button=button)
    notices.write(kind="sign_in_code", to=button.person, code=code.pk)
    _written(button, Pressed.CODE_SENT)
    return code


@transaction.atomic
def type_code(*, button: PersonalButton, digits: str, device_key: str) -> bool:
    """Whether the digits are those of the newest code that still works: it is then used, and the device known.

    A wrong one counts against it; after five, another code must be asked for.
    """
    codes = SignInCode.objects.select_for_update().filter(button=button).order_by("-pk")
    code = next((one for one in codes[:1] if one.works), None)
    if code is None or not button.works:
        return False
    if not is_right(code=code, digits=digits):
        _written(button, Pressed.WRONG_CODE)
        return False
    device = _device(button.person, device_key) or _remembered(button.person, device_key)
    _written(button, Pressed.ENTERED_BY_CODE, device)
    return True


def is_right(*, code: SixDigits, digits: str) -> bool:
    """Whether these are the digits of a code that still works: it is then used; a wrong try counts against it.

    Within the caller's transaction, which has locked the code and must commit even where the answer is no.
    """
    if not code.works:
        return False
    right = constant_time_compare("".join(digits.split()), tokens.digits_of(code))
    if right:
        code.used_at = timezone.now()
    else:
        code.tries += 1
    code.save(update_fields=["used_at", "tries"])
    return right


def may_be_sent(codes: QuerySet[Any]) -> bool:
    """Whether one more code may leave: `codes` are those of one person, of one kind."""
    return codes.filter(made_at__gt=timezone.now() - WINDOW).count() < MOST_CODES


@transaction.atomic
def forget_devices(*, person: Any, by: User) -> None:
    """Every device of the person must show a code again."""
    if Device.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now()):
        log(person, "kb.button.forget_devices", user=by)


def _device(person: Any, key: str) -> Device | None:
    device = Device.objects.filter(person=person, key_hash=_hash(key), ended_at=None).first()
    if device:
        Device.objects.filter(pk=device.pk).update(last_seen=timezone.now())
    return device


def _remembered(person: Any, key: str) -> Device:
    device, _ = Device.objects.update_or_create(
        person=person, key_hash=_hash(key), defaults={"ended_at": None, "last_seen": timezone.now()}
    )
    return device


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _written(button: PersonalButton, outcome: Pressed, device: Device | None = None) -> None:
    ButtonUse.objects.create(button=button, outcome=outcome, device=device)
