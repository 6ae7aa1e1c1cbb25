import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('council', '0010_publication'),
        ('kb', '0016_page_models'),
        ('search', '0004_hits_by_index'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='entry',
            name='an_entry_is_of_its_kind',
        ),
        migrations.AddField(
            model_name='entry',
            name='act',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='council.act'),
        ),
        migrations.AddField(
            model_name='entry',
            name='followed',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='council.act'),
        ),
        migrations.AddField(
            model_name='entry',
            name='minutes',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='council.procesverbal'),
        ),
        migrations.AddField(
            model_name='entry',
            name='outcome',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='council.deliberation'),
        ),
        migrations.AddField(
            model_name='entry',
            name='publication',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='council.publication'),
        ),
        migrations.AddField(
            model_name='entry',
            name='task',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='council.task'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('page', 'Page'), ('file', 'Fichier'), ('act', 'Acte'), ('sheet', 'Fiche d’essai')], max_length=5),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'page'), ('page__isnull', False), ('version__isnull', True), ('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', True)), models.Q(('kind', 'file'), ('page__isnull', True), ('version__isnull', False), ('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', True)), models.Q(('kind', 'act'), ('page__isnull', True), ('version__isnull', True), models.Q(models.Q(('act__isnull', False), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', True)), models.Q(('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', False), ('publication__isnull', True), ('task__isnull', True)), models.Q(('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', False), ('task__isnull', True)), models.Q(('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', False), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', True)), models.Q(('act__isnull', True), ('followed__isnull', False), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', True)), models.Q(('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', False)), _connector='OR')), models.Q(('kind', 'sheet'), ('page__isnull', True), ('version__isnull', True), ('act__isnull', True), ('followed__isnull', True), ('minutes__isnull', True), ('outcome__isnull', True), ('publication__isnull', True), ('task__isnull', True)), _connector='OR'), name='an_entry_is_of_its_kind'),
        ),
    ]
