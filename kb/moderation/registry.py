"""The circuits that other floors add for pages of their own, and the steps of all circuits, in words.

A town chooses no such circuit branch by branch: a page type names it (`KnowledgePage.own_circuit`), and its last approval
publishes nothing: a deed of its own floor does, later.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from kb.moderation.models import STEPS, Preset, Step

# Page's id → step → who takes it, by his id. None: the step does not concern this page, and is passed over. An empty set:
# it does, and nobody of its own can take it: it falls to the responsables.
Concerned = dict[int, dict[str, frozenset[int] | None]]


@dataclass(frozen=True)
class OwnStep:
    """A step of such a circuit; its code is unique among all steps."""

    code: str
    label: str
    whom: str  # « le rapporteur », as in « chez le rapporteur »


@dataclass(frozen=True)
class OwnCircuit:
    """A circuit of another floor."""

    code: str
    label: str
    steps: tuple[OwnStep, ...]
    ends: str  # what comes after the last step, after « prochaine étape : »
    people: Callable[[Collection[int]], Concerned]  # who takes the steps of these pages, as their newest drafts say
    opens: Callable[[Any], None]  # a page starts its way: who takes its steps is given to read it


WHOM: dict[str, str] = {Step.SERVICE: "le service", Step.COMMUNICATION: "la communication"}
_circuits: dict[str, OwnCircuit] = {}
_steps: dict[str, OwnStep] = {}


def adds(circuit: OwnCircuit) -> OwnCircuit:
    """Registers a circuit."""
    _circuits[circuit.code] = circuit
    for step in circuit.steps:
        _steps[step.code], WHOM[step.code] = step, step.whom
    return circuit


def own(code: str) -> OwnCircuit | None:
    """The circuit of another floor by this code; None where it is one of kb's, or none."""
    return _circuits.get(code)


def own_step(code: str) -> OwnStep | None:
    """As above, for a step."""
    return _steps.get(code)


def steps_of(code: str) -> tuple[str, ...]:
    """The steps of a circuit, by their codes, in order."""
    found = own(code)
    return tuple(step.code for step in found.steps) if found else STEPS[Preset(code)]


def end_of(code: str) -> str:
    """What comes after the last step."""
    found = own(code)
    return found.ends if found else "publication"
