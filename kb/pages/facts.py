"""What each page type has of its own, in words and figures: phases, money, next steps, indicators."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kb import typography
from kb.pages.enums import OPEN_STATES, SURE_FUNDING, FundingState, ProjectState
from kb.pages.models import NextStep, Phase, ProjectPage, ServicePage

Facts = dict[str, Any]
_TONES = {
    ProjectState.IDEA: ("info", "circle"),
    ProjectState.RUNNING: ("done", "half"),
    ProjectState.SUSPENDED: ("watch", "warning"),
    ProjectState.DONE: ("done", "check"),
    ProjectState.ABANDONED: ("neutral", "cross"),
}


def of(page: Any) -> Facts:
    """The facts of a page, by type; an empty dictionary where there are none."""
    if isinstance(page, ProjectPage):
        return project(page)
    if isinstance(page, ServicePage):
        return service(page)
    return {}


def status_of(page: Any) -> dict[str, str] | None:
    """The state tag under the title, or None."""
    if not isinstance(page, ProjectPage):
        return None
    state = ProjectState(page.state)
    tone, icon = _TONES[state]
    label = str(state.label)
    if state in OPEN_STATES and (late := late_line(page)):
        return {"label": f"{label}, {late}", "tone": "watch", "icon": "warning"}
    if state is ProjectState.RUNNING:
        label += ", dans les délais"
    return {"label": label, "tone": tone, "icon": icon}


def late_line(page: ProjectPage) -> str:
    """« en retard de 12 jours », or nothing."""
    today = timezone.localdate()
    late = [p.ends for p in page.phases.all() if not p.done and p.ends and p.ends < today]
    if not late:
        return ""
    return f"en retard de {typography.count((today - min(late)).days, 'jour')}"


def project(page: ProjectPage) -> Facts:
    """Key facts, phases, funding, next steps and team of a project."""
    phases = list(page.phases.all())
    current = next((phase for phase in phases if not phase.done), None)
    return {
        **_money(page),
        **_current_phase(phases, current),
        **_next_step([step for step in page.next_steps.all() if not step.done]),
        "phases": [_phase(phase, current) for phase in phases],
        "funding": [_funding(line) for line in page.funding.all()],
        "funding_total": _funding_total(page),
        "steps": [
            _step(step) for step in sorted(page.next_steps.all(), key=lambda one: (one.done, one.due or date.max))
        ],
        "team": [
            {"role": member.role or "Membre", "name": str(member.person), "line": member.person.office}
            for member in page.team.all()
        ],
    }


def _money(page: ProjectPage) -> Facts:
    if page.budget is None:
        return {"budget_label": "", "spent_label": "", "spent_percent": 0, "gauge_sentence": ""}
    spent = page.committed or Decimal(0)
    percent = int(100 * spent / page.budget) if page.budget else 0
    return {
        "budget_label": f"{typography.euros(page.budget)} {page.budget_basis}",
        "spent_label": typography.euros(spent),
        "spent_percent": min(percent, 100),
        "gauge_sentence": f"{typography.euros(spent)} engagés, soit {percent}{typography.NBSP}%",
    }


def _current_phase(phases: list[Phase], current: Phase | None) -> Facts:
    if current is None:
        return {"phase_title": "Toutes les phases sont terminées" if phases else "", "phase_line": ""}
    place = typography.ordinal(phases.index(current) + 1)
    line = f"{place} phase sur {len(phases)}"
    if current.ends:
        line += f", jusqu’au {typography.day(current.ends)}"
    return {"phase_title": current.title, "phase_line": line}


def _next_step(steps: list[NextStep]) -> Facts:
    if not steps:
        return {"next_step_title": "", "next_step_line": "", "next_step_owner": ""}
    step = min(steps, key=lambda step: step.due or date.max)
    return {
        "next_step_title": step.title,
        "next_step_line": f"Avant le {typography.day(step.due)}" if step.due else "",
        "next_step_owner": str(step.owner) if step.owner else "",
    }


def _phase(phase: Phase, current: Phase | None) -> dict[str, str]:
    state = "done" if phase.done else "current" if phase is current else "coming"
    labels = {"done": "Terminée", "current": "En cours", "coming": "À venir"}
    ends = [typography.month(value) for value in (phase.starts, phase.ends) if value]
    if phase.starts and phase.starts == phase.ends:
        ends = [typography.day(phase.starts)]
    return {
        "title": phase.title,
        "state": state,
        "state_label": labels[state],
        "dates": " – ".join(dict.fromkeys(ends)),
    }


def _funding(line: Any) -> dict[str, str]:
    return {
        "label": line.label,
        "amount_label": typography.euros(line.amount),
        "status_label": str(FundingState(line.state).label),
    }


def _funding_total(page: ProjectPage) -> str:
    lines = list(page.funding.all())
    if not lines:
        return ""
    sure = sum((line.amount for line in lines if line.state in SURE_FUNDING), Decimal(0))
    return f"{typography.euros(sure)} acquis"


def _step(step: NextStep) -> dict[str, str]:
    today = timezone.localdate()
    late = bool(step.due and step.due < today and not step.done)
    return {
        "title": step.title,
        "owner": str(step.owner) if step.owner else "",
        "due_label": f"{'Prévu le' if step.done else 'Avant le'} {typography.day(step.due)}" if step.due else "",
        "state_label": "Fait" if step.done else "En retard" if late else "À faire",
        "tone": "done" if step.done else "watch" if late else "neutral",
    }


def service(page: ServicePage) -> Facts:
    """Trade, contact and figures of a service."""
    return {
        "trade_label": str(page.trade) if page.trade else "",
        "contact": page.contact,
        "indicators": [{"label": row.label, "value": row.value, "line": row.line} for row in page.indicators.all()],
    }
