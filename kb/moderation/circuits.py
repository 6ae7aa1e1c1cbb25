"""The circuits as rows of Wagtail's: three workflows made of two steps, one of them on the town's page."""

from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from kb.moderation import registry
from kb.moderation.models import STEPS, Circuit, Preset, ReviewTask, Step


def lay(home: Page) -> None:
    """Makes the steps and the circuits, and gives the town the whole one; running it again changes nothing."""
    tasks = {step: ReviewTask.objects.get_or_create(step=step, defaults={"name": step.label})[0] for step in Step}
    for preset in Preset:
        if Circuit.objects.filter(preset=preset).exists():
            continue
        workflow = Workflow.objects.create(name=preset.label)
        for place, step in enumerate(STEPS[preset]):
            WorkflowTask.objects.create(workflow=workflow, task=tasks[step], sort_order=place)
        Circuit.objects.create(preset=preset, workflow=workflow)
    WorkflowPage.objects.get_or_create(
        page_id=home.pk, defaults={"workflow": Circuit.objects.get(preset=Preset.FULL).workflow}
    )


def own(code: str) -> Workflow:
    """The workflow of a circuit of another floor, made the first time that it is asked for."""
    found = Circuit.objects.select_related("workflow").filter(preset=code).first()
    if found is not None:
        return found.workflow
    circuit = registry.own(code)
    assert circuit is not None, code
    workflow = Workflow.objects.create(name=circuit.label)
    for place, step in enumerate(circuit.steps):
        task, _new = ReviewTask.objects.get_or_create(step=step.code, defaults={"name": step.label})
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=place)
    Circuit.objects.create(preset=code, workflow=workflow)
    return workflow
