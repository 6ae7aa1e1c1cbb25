"""A model of pages says what a page will be; the town has an address and an emblem.

And what Wagtail founds and a town does not use leaves: its two groups, and a workflow whose reviewers are nobody.
"""

import kb.documents.storage
import kb.people.models
from django.db import migrations, models

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


def say_what_models_start(apps, schema_editor):
    """The models that a town was founded with, where it has not said otherwise."""
    for name, kind in {"Procédure": "procedure", "Compte rendu de réunion": "minutes"}.items():
        models = apps.get_model("kb", "PageModel").objects.filter(name=name, page_type="articlepage")
        models.filter(article_kind="").update(article_kind=kind)


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

    operations = [
        migrations.AddField(
            model_name="pagemodel",
            name="article_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("note", "Note"), ("procedure", "Procédure"), ("sheet", "Fiche"), ("minutes", "Compte rendu"),
                ],
                help_text="Pour une « Page » : ce que sera la page commencée ainsi.",
                max_length=10, verbose_name="nature de la page",
            ),
        ),
        migrations.AddField(
            model_name="town",
            name="address",
            field=models.CharField(blank=True, max_length=200, verbose_name="adresse de la mairie"),
        ),
        migrations.AddField(
            model_name="town",
            name="emblem",
            field=models.FileField(
                blank=True, editable=False, max_length=200, storage=kb.documents.storage.images,
                upload_to=kb.people.models.emblem_name, verbose_name="emblème",
            ),
        ),
        migrations.AddField(
            model_name="town",
            name="emblem_mime",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.RunPython(say_what_models_start, migrations.RunPython.noop),
        migrations.RunPython(remove_what_nobody_reads, put_back),
    ]
