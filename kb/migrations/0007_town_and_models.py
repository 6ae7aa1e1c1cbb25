"""What Wagtail founds and a town does not use leaves: its two groups, and a workflow whose reviewers are nobody."""

from django.db import migrations

GROUPS = ("Moderators", "Editors")
WORKFLOW = "Moderators approval"
RIGHTS = {"Moderators": ("add", "change", "publish"), "Editors": ("add", "change")}


def remove_what_nobody_reads(apps, schema_editor):
    """Pages submitted to nobody are released; what signs a history is switched off instead of deleted."""
    workflows = apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW)
    states = apps.get_model("wagtailcore", "WorkflowState").objects.filter(workflow__in=workflows)
    pending = states.filter(status__in=("in_progress", "needs_changes"))
    task_states = apps.get_model("wagtailcore", "TaskState").objects
    task_states.filter(workflow_state__in=pending, status="in_progress").update(status="cancelled")
    pending.update(status="cancelled")
    tasks = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(name=WORKFLOW)
    apps.get_model("wagtailcore", "WorkflowPage").objects.filter(workflow__in=workflows).delete()
    if states.exists() or task_states.filter(task__in=tasks.values("pk")).exists():
        workflows.update(active=False)
        tasks.update(active=False)
    else:
        apps.get_model("wagtailcore", "WorkflowTask").objects.filter(workflow__in=workflows).delete()
        workflows.delete()
        tasks.delete()
    used = apps.get_model("kb", "Grant").objects.filter(group__isnull=False).values("group")
    groups = apps.get_model("auth", "Group").objects.filter(name__in=GROUPS, user__isnull=True)
    groups.exclude(pk__in=used).delete()


def put_back(apps, schema_editor):
    """As Wagtail's own migrations made them."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    if root is None:
        return
    for name in GROUPS:
        group, _ = Group.objects.get_or_create(name=name)
        codenames = [f"{right}_page" for right in RIGHTS[name]]
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
            apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
                group=group, page=root, permission=permission
            )
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task, _ = apps.get_model("wagtailcore", "GroupApprovalTask").objects.update_or_create(
        name=WORKFLOW, defaults={"active": True, "content_type": kind}
    )
    task.groups.set(Group.objects.filter(name="Moderators"))
    workflow, _ = apps.get_model("wagtailcore", "Workflow").objects.update_or_create(
        name=WORKFLOW, defaults={"active": True}
    )
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(
        workflow=workflow, task_id=task.pk, defaults={"sort_order": 0}
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(page=root, defaults={"workflow": workflow})


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0006_extraction"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(remove_what_nobody_reads, put_back)]
