"""What a button's address and a code are made of: signatures by the site's key, so that no secret is kept in the base."""

from django.utils.crypto import constant_time_compare, salted_hmac

from kb.buttons.models import PersonalButton, SixDigits
from kb.typography import NBSP

LENGTH = 40  # hexadecimal digits: 160 bits
DIGITS = 6


def token_of(button: PersonalButton) -> str:
    """What stands in the button's address: its number and a signature."""
    return f"{button.pk}-{_signature('kb.buttons.button', button.pk, button.nonce)}"


def button_of(token: str) -> PersonalButton | None:
    """The button of an address, whether it still works or not; None for an address that we never wrote."""
    number, _, _ = token.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return None
    button = PersonalButton.objects.select_related("person").filter(pk=number).first()
    return button if button and constant_time_compare(token, token_of(button)) else None


def digits_of(code: SixDigits) -> str:
    """The six digits to type."""
    signature = _signature(code.salt, code.pk, code.nonce)
    return f"{int(signature, 16) % 10**DIGITS:0{DIGITS}}"


def printed_digits(code: SixDigits) -> str:
    """« 123 456 », as they are read and typed."""
    digits = digits_of(code)
    return f"{digits[:3]}{NBSP}{digits[3:]}"


def _signature(salt: str, number: int | None, nonce: str) -> str:
    return salted_hmac(salt, f"{number}.{nonce}", algorithm="sha256").hexdigest()[:LENGTH]
