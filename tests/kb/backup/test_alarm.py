"""The alarm of backups: shown to administrators, at the top of what they open."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from kb.backup.models import BackupRecord
from kb.backup.queries import alarm

BACKUPS = "/admin/kb/backuprecord/"


@pytest.fixture
def late(town):
    """The last backup is three days old."""
    record = BackupRecord.objects.create(name="ancienne.tar")
    BackupRecord.objects.update(
        started_at=timezone.now() - timedelta(days=3), finished_at=timezone.now() - timedelta(days=3)
    )
    cache.clear()
    return record


def test_an_administrator_sees_it_before_anything_else(town, late):
    admin = town.signed_in(town.admin)
    for path in ("/", "/admin/"):
        html = admin.get(path).content.decode()
        assert alarm() and alarm() in html and BACKUPS in html
    html = admin.get("/").content.decode()
    assert html.index(alarm()) < html.index("<h1>")


def test_nobody_else_does(town, late, agent, reader):
    assert alarm() not in agent.get("/").content.decode()
    assert alarm() not in agent.get("/admin/").content.decode()
    assert alarm() not in reader.get("/").content.decode()


def test_nothing_once_a_backup_is_made(town, late):
    BackupRecord.objects.create(name="neuve.tar", finished_at=timezone.now())
    cache.clear()
    admin = town.signed_in(town.admin)
    for path in ("/", "/admin/"):
        assert BACKUPS not in admin.get(path).content.decode().split("<main")[1].split("<h1")[0]
