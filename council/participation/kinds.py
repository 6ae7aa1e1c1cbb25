"""What is put to the council: kinds of items, of ballots, of decisions, and appointments as rows with their article."""

from dataclasses import dataclass
from enum import StrEnum


class ItemKind(StrEnum):
    """What an item of the agenda is."""

    DELIBERATION = "deliberation"
    ACCOUNTS = "accounts"
    APPOINTMENT = "appointment"
    INFORMATION = "information"
    ORAL_QUESTION = "question_orale"
    OTHER_BUSINESS = "question_diverse"


WITHOUT_VOTE = {
    ItemKind.INFORMATION: "une information",
    ItemKind.ORAL_QUESTION: "une question orale",
    ItemKind.OTHER_BUSINESS: "une question diverse",
}


class Form(StrEnum):
    """How votes are given (L2121-21)."""

    ORDINARY = "ordinary"
    PUBLIC = "public"
    SECRET = "secret"  # noqa: S105  # a ballot


FORMS = {Form.ORDINARY: "à main levée", Form.PUBLIC: "public", Form.SECRET: "secret"}


class Decision(StrEnum):
    """What the council decides about its own sitting, or without a vote."""

    URGENCY = "urgency"
    HUIS_CLOS = "huis_clos"
    POSTPONEMENT = "postponement"
    WAIVE_SECRECY = "waive_secrecy"
    TAKE_NOTE = "take_note"


class Result(StrEnum):
    """What comes of a ballot."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    ELECTED = "elected"
    NONE = "none"
    NO_QUORUM = "no_quorum"
    WITHDRAWN = "withdrawn"


class Method(StrEnum):
    """How votes make seats."""

    MAJORITY = "majority"
    LIST_MAJORITY = "list_majority"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True)
class Office:
    """One kind of appointment: `secrecy` imposed by a text, `read_out` when a single candidacy takes effect so."""

    code: str
    title: str
    article: str
    method: Method
    secrecy: bool = False
    read_out: bool = False
    members_only: bool = False
    eldest_presides: bool = False


OFFICES = {
    row.code: row
    for row in (
        Office("maire", "maire", "L2122-7", Method.MAJORITY, secrecy=True, members_only=True, eldest_presides=True),
        Office("adjoint", "adjoint au maire", "L2122-7-1", Method.MAJORITY, secrecy=True, members_only=True),
        Office("adjoints", "adjoints au maire", "L2122-7-2", Method.LIST_MAJORITY, secrecy=True, members_only=True),
        Office("cao", "commission d’appel d’offres", "L1411-5", Method.PROPORTIONAL, members_only=True),
        Office(
            "ccas",
            "conseil d’administration du CCAS",
            "R123-8 CASF",
            Method.PROPORTIONAL,
            secrecy=True,
            members_only=True,
        ),
        Office("commission", "commission municipale", "L2121-21", Method.MAJORITY, read_out=True, members_only=True),
        Office("outside_body", "organisme extérieur", "L2121-33", Method.MAJORITY, read_out=True),
        Office("other", "nomination", "L2121-21", Method.MAJORITY),
    )
}
