"""The kinds of letters: each room says, for its own, what is written and whether it may still leave."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kb.notices.models import KINDS, Mail


@dataclass(frozen=True)
class News:
    """A line of a digest: what, where, what is said of it, and why this person is told."""

    title: str
    path: str  # from the root of the site
    when: str  # « 24 nov. », beside the margin rule
    text: str
    why: str


@dataclass(frozen=True)
class Attached:
    """A file that travels with a letter."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """What templates/mail/letter.* print. `why` says, in one sentence, why the person gets this mail."""

    subject: str
    kind: str  # the small line above the title: « Page », « Demande d’accès »
    title: str
    paragraphs: tuple[str, ...]
    button: str
    path: str  # of the button, from the root of the site
    why: str
    said: str = ""  # what the sender wrote himself
    news: tuple[News, ...] = field(default=())
    files: tuple[Attached, ...] = field(default=())  # where the law wants the paper itself to travel


class Withheld(Exception):
    """The mail must not leave any more; the message says why, in French."""


class Later(Exception):
    """The mail waits for what travels with it; the message says for what, in French. Its writer says when it waited enough."""


Writer = Callable[[Mail], Letter]
_writers: dict[str, Writer] = {}


def writes(kind: str, *, label: str = "") -> Callable[[Writer], Writer]:
    """Registers `writer(mail)` for a kind. It asks rights now, at the sending, and raises Withheld, or Later.

    `label`: what an administrator reads for a kind that this floor does not know.
    """

    def register(writer: Writer) -> Writer:
        _writers[kind] = writer
        if label:
            KINDS[kind] = label
        return writer

    return register


def letter_for(mail: Mail) -> Letter:
    """The letter as it may be written now. Raises Withheld, KeyError for a kind that no room writes."""
    if not mail.to.is_active:
        raise Withheld("Le compte est fermé.")
    if not mail.to.email:
        raise Withheld("La personne n’a pas d’adresse e-mail.")
    return _writers[mail.kind](mail)
