"""Bytes that no row names go after a day; all the others stay."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from kb.documents import orphans, storage

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def folders_of_its_own(monkeypatch, tmp_path):
    """Other tests left files whose rows were rolled back: a sweep would take those too."""
    for alias in orphans.SWEPT:
        monkeypatch.setattr(storages[alias], "location", str(tmp_path / alias))


def test_only_old_and_unnamed_bytes_go(town):
    kept = town.document(b"un document").current_version.file.name
    orphan = storage.documents().save("perdu/note.txt", ContentFile(b"perdu"))
    tomorrow = timezone.now() + timedelta(hours=25)
    assert orphans.sweep() == []  # too young: its row may be about to be written
    assert orphans.sweep(now=tomorrow) == [f"documents/{orphan}"]
    assert storage.documents().exists(kept) and not storage.documents().exists(orphan)


def test_a_storage_that_cannot_tell_ages_keeps_everything(town, monkeypatch):
    orphan = storage.documents().save("perdu/note.txt", ContentFile(b"perdu"))

    def unknown(*args):
        raise NotImplementedError

    monkeypatch.setattr(type(storage.documents()), "get_modified_time", unknown)
    assert orphans.sweep(now=timezone.now() + timedelta(days=9)) == []
    assert storage.documents().exists(orphan)
