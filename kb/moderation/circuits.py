"""The circuits as rows of Wagtail's: three workflows made of two steps, one of them on the town's page."""

from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

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
