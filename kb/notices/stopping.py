"""The signed address at the foot of each mail that stops such mails, without signing in (RFC 8058)."""

from typing import NamedTuple

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from kb.notices.models import Mail

CHANNELS = ("digest", "at_once")
_signer = Signer(salt="kb.notices.stopping")


class Stop(NamedTuple):
    """Whose mails, and which."""

    person: int
    channel: str


def channel_of(mail: Mail) -> str:
    """What a click at the foot of this mail stops: the digests, or the mails that leave at once."""
    return "digest" if mail.kind == "digest" else "at_once"


def can_be_stopped(mail: Mail) -> bool:
    """Whether a click stops such mails: those that tell something.

    Neither what the person asks for himself (a code), nor what the law asks to send him (a convocation).
    """
    return mail.kind == "digest" or mail.notices.filter(always=False).exists()


def path_for(mail: Mail) -> str:
    """The address, from the root of the site. It does not expire: an old mail stops too. All it can do is stop."""
    stop = f"{mail.to_id}-{channel_of(mail)}"
    return reverse("stop_mails", args=[f"{stop}-{_signer.signature(stop)}"])


def read(token: str) -> Stop | None:
    """What an address says; None when we did not sign it."""
    try:
        person, channel, signature = token.split("-", 2)
        _signer.unsign(f"{person}-{channel}:{signature}")
    except (BadSignature, ValueError):
        return None
    return Stop(int(person), channel) if channel in CHANNELS else None
