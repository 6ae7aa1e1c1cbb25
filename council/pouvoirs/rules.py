"""What the law says of pouvoirs (L2121-20), without a database: who may hold one, and how long a document serves."""

from dataclasses import dataclass

from council.rules import Rule
from kb.refusals import Refused
from kb.typography import count


@dataclass(frozen=True)
class Candidate:
    """A member of the instance, as somebody looks for whom to give his pouvoir to."""

    is_giver: bool = False
    holds_one: bool = False  # for this sitting
    gave_one: bool = False  # for this sitting


def why_not(candidate: Candidate) -> str:
    """Why this member cannot hold a pouvoir at that sitting, as it is read beside his name; "" where he may."""
    if candidate.is_giver:
        return "On ne se donne pas pouvoir à soi-même."
    if candidate.holds_one:
        return "Porte déjà un pouvoir, et on n’en porte qu’un (art. L2121-20)."
    if candidate.gave_one:
        return "A donné pouvoir à un autre membre pour cette séance."
    return ""


def serves(rank: int, *, sittings: int, rule: Rule, illness: str = "") -> bool:
    """Whether a document serves its `rank`-th consecutive sitting: never beyond the law's number, illness aside."""
    return rank <= sittings and (bool(illness) or rank <= rule.value)


def check_length(*, sittings: int, rule: Rule, illness: str) -> None:
    """Raises Refused for a document written for more sittings than the law allows."""
    if rule.value == 0:
        raise Refused(
            f"Cette instance ne connaît pas le pouvoir ({rule.article}) : un membre absent n’y est pas représenté."
        )
    if sittings < 1:
        raise Refused("Un pouvoir sert au moins une séance : donnez-en le nombre.")
    if sittings > rule.value and not illness:
        raise Refused(
            f"Un même pouvoir ne sert pas plus de {count(int(rule.value), 'séance')} de suite ({article(rule)}), sauf maladie : "
            "écrivez-la, ou donnez ensuite un nouveau pouvoir."
        )


def article(rule: Rule) -> str:
    """« art. L2121-20 »; the town's own words where it gave the rule."""
    return f"art. {rule.article}" if rule.article.startswith(("L", "R")) else rule.article


def asked(instance: str) -> str:
    """What is said where no row of the law knows."""
    return (
        f"Les règles de « {instance} » sur les pouvoirs ne sont pas connues, et celles du conseil municipal ne s’y appliquent "
        "pas d’elles-mêmes : le secrétariat les écrit dans les réglages du conseil."
    )
