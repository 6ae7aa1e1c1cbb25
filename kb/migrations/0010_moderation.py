"""Circuits of relecture: steps, submissions, buttons of mails, absences, the town's checklist."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What kb.moderation.models said when this was written: a migration must not change with it.
STEPS = {"service": "Relecture par le service", "communication": "Validation par la communication"}
CIRCUITS = {
    "full": ("Relecture par le service, puis validation par la communication", ("service", "communication")),
    "communication": ("Validation par la communication seule", ("communication",)),
    "service": ("Relecture par le service seul, sans la communication", ("service",)),
}


def lay_circuits(apps, schema_editor):
    """A town already founded gets its circuits, the whole one on its page; on an empty database, founding does it."""
    home = apps.get_model("wagtailcore", "Page").objects.filter(depth=2, content_type__model="homepage").first()
    if home is None:
        return
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="kb", model="reviewtask")
    ReviewTask = apps.get_model("kb", "ReviewTask")
    tasks = {step: ReviewTask.objects.create(step=step, name=name, content_type=kind) for step, name in STEPS.items()}
    for preset, (name, steps) in CIRCUITS.items():
        workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=name)
        for place, step in enumerate(steps):
            apps.get_model("wagtailcore", "WorkflowTask").objects.create(
                workflow=workflow, task_id=tasks[step].pk, sort_order=place
            )
        apps.get_model("kb", "Circuit").objects.create(preset=preset, workflow=workflow)
        if preset == "full":
            apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(
                page=home, defaults={"workflow": workflow}
            )


def take_circuits_up(apps, schema_editor):
    """What waits is released; what signs a history is switched off instead of deleted."""
    workflows = list(apps.get_model("kb", "Circuit").objects.values_list("workflow_id", flat=True))
    states = apps.get_model("wagtailcore", "WorkflowState").objects.filter(workflow_id__in=workflows)
    pending = states.filter(status__in=("in_progress", "needs_changes"))
    task_states = apps.get_model("wagtailcore", "TaskState").objects
    task_states.filter(workflow_state__in=pending, status="in_progress").update(status="cancelled")
    pending.update(status="cancelled")
    apps.get_model("wagtailcore", "WorkflowPage").objects.filter(workflow_id__in=workflows).delete()
    apps.get_model("wagtailcore", "Workflow").objects.filter(pk__in=workflows).update(active=False)
    ReviewTask = apps.get_model("kb", "ReviewTask")
    tasks = list(ReviewTask.objects.values_list("pk", flat=True))
    # The table of steps goes: their rows of Wagtail's become plain steps, so that the history still opens.
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="wagtailcore", model="task")
    apps.get_model("wagtailcore", "Task").objects.filter(pk__in=tasks).update(active=False, content_type=kind)


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0009_announce'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='à vérifier')),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='pourquoi')),
                ('position', models.PositiveIntegerField(default=100, verbose_name='ordre')),
            ],
            options={
                'verbose_name': 'point à vérifier',
                'verbose_name_plural': 'points à vérifier avant de soumettre',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('step', models.CharField(choices=[('service', 'Relecture par le service'), ('communication', 'Validation par la communication')], max_length=13, unique=True, verbose_name='étape')),
            ],
            options={
                'verbose_name': 'étape de relecture',
                'verbose_name_plural': 'étapes de relecture',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='Circuit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preset', models.CharField(choices=[('full', 'Relecture par le service, puis validation par la communication'), ('communication', 'Validation par la communication seule'), ('service', 'Relecture par le service seul, sans la communication')], max_length=13, unique=True, verbose_name='circuit')),
                ('workflow', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='circuit', to='wagtailcore.workflow')),
            ],
            options={
                'verbose_name': 'circuit',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words_added', models.PositiveIntegerField(default=0, verbose_name='mots ajoutés')),
                ('words_removed', models.PositiveIntegerField(default=0, verbose_name='mots retirés')),
                ('trivial', models.BooleanField(default=False, verbose_name='sans portée')),
                ('wanted_at', models.DateTimeField(null=True, verbose_name='demandé pour')),
                ('came_back', models.BooleanField(default=False, verbose_name='revenu après correction')),
                ('restarted_because', models.CharField(blank=True, max_length=200, verbose_name='repris du début')),
                ('beside', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('displaced', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to=settings.WAGTAIL_PAGE_MODEL)),
                ('state', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='submission', to='wagtailcore.workflowstate')),
            ],
            options={
                'verbose_name': 'soumission',
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='absent jusqu’au')),
                ('said_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suppléant')),
                ('grants', models.ManyToManyField(related_name='absences', to='kb.grant')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='absent')),
            ],
            options={
                'verbose_name': 'absence',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='one_open_absence_per_person')],
            },
        ),
        migrations.CreateModel(
            name='ReviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task_state', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='wagtailcore.taskstate')),
            ],
            options={
                'verbose_name': 'bouton de courriel',
                'constraints': [models.UniqueConstraint(fields=('person', 'task_state', 'seen'), name='one_link_per_person_and_draft')],
            },
        ),
        migrations.RunPython(lay_circuits, take_circuits_up),
    ]
