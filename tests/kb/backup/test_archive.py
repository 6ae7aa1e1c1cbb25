"""The archive by itself: whole or not there, its owner's alone, and what it lacks is named."""

import io
import json
import sqlite3
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest

from kb.backup import archive, contents, restoring
from kb.backup.archive import BadArchive
from kb.backup.contents import Member
from kb.backup.databases import SQLITE as DATABASE
from kb.backup.databases import Sqlite
from kb.work import serving


def text(words: str) -> Any:
    return lambda: io.BytesIO(words.encode())


def lost() -> Any:
    raise FileNotFoundError("lost")


def database(folder: Path, words: str = "ancienne") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATABASE
    with sqlite3.connect(path) as rows:
        rows.execute("CREATE TABLE IF NOT EXISTS town (name text)")
        rows.execute("INSERT INTO town VALUES (?)", (words,))
    rows.close()
    return path


def site(folder: Path) -> dict[str, bytes | str]:
    """What a reader of this site would see."""
    with sqlite3.connect(folder / DATABASE) as rows:
        name = rows.execute("SELECT name FROM town").fetchall()[-1][0]
    rows.close()
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted((folder / "files").rglob("*")) if p.is_file()}
    return {"town": name, "key": (folder / contents.SECRET).read_text(), **files}


def make(tmp_path: Path, *more: Member, version: str = "0.1.0", **kwargs: Any) -> archive.Made:
    """An archive of a site named « nouvelle », with one file and its key."""
    members = [Member("files/documents/a.txt", text("nouveau")), Member(contents.SECRET, text("new key")), *more]
    return archive.write(
        tmp_path / "backup.tar",
        database=Sqlite(database(tmp_path / "source", "nouvelle")),
        members=lambda copy: members,
        version=version,
        **kwargs,
    )


NEW = {"town": "nouvelle", "key": "new key", "files/documents/a.txt": b"nouveau"}
OLD = {"town": "ancienne", "key": "old key", "files/documents/b.txt": b"ancien", "files/images/c.png": b"c"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder that holds another site."""
    folder = tmp_path / "here"
    database(folder)
    (folder / contents.SECRET).write_text("old key")
    for name in ("documents/b.txt", "images/c.png"):
        (folder / "files" / name).parent.mkdir(parents=True)
    (folder / "files" / "documents" / "b.txt").write_text("ancien")
    (folder / "files" / "images" / "c.png").write_text("c")
    assert site(folder) == OLD
    return folder


def test_it_is_its_owners_alone_and_tells_its_progress(tmp_path: Path) -> None:
    done: list[int] = []
    made = make(tmp_path, progress=done.append)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert (made.files, made.missing, done) == (3, [], [1, 2, 3])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "source"]


def test_what_is_missing_is_named_unless_it_can_be_made_again(tmp_path: Path, here: Path) -> None:
    made = make(tmp_path, Member("files/documents/gone.odt", lost), Member("files/renditions/gone.webp", lost))
    assert made.missing == ["files/documents/gone.odt"]
    assert restoring.restore(archive=made.path, into=tmp_path / "there").missing == ["files/documents/gone.odt"]


def test_a_disk_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def full() -> Any:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        make(tmp_path, Member("files/documents/z", full))
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_settings_go_with_it_and_secrets_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://mairie.example")
    monkeypatch.setenv("EMAIL_HOST_PASSWORD", "secret")
    made = make(tmp_path, Member(contents.SETTINGS, contents._environment))
    there = restoring.restore(archive=made.path, into=tmp_path / "there")
    assert there.variables["BASE_URL"] == "https://mairie.example"
    assert "EMAIL_HOST_PASSWORD" not in there.variables


# Restoring


def test_elsewhere(tmp_path: Path) -> None:
    done = restoring.restore(archive=make(tmp_path).path, into=tmp_path / "there")
    assert (done.aside, done.missing, site(tmp_path / "there")) == (None, [], NEW)


def test_over_a_site_only_when_forced_and_it_is_kept(tmp_path: Path, here: Path) -> None:
    made = make(tmp_path)
    with pytest.raises(BadArchive, match="Il y a déjà un site"):
        restoring.restore(archive=made.path, into=here)
    assert site(here) == OLD
    done = restoring.restore(archive=made.path, into=here, force=True)
    assert done.aside is not None
    assert (site(here), site(done.aside)) == (NEW, OLD)


def test_not_while_the_site_runs(tmp_path: Path, here: Path) -> None:
    made = make(tmp_path)
    with serving.alone(here), pytest.raises(BadArchive, match="Le site tourne"):
        restoring.restore(archive=made.path, into=here, force=True)
    assert site(here) == OLD


def test_not_from_a_later_version(tmp_path: Path, here: Path) -> None:
    made = make(tmp_path, version="12.0.0")
    with pytest.raises(BadArchive, match=r"version 12\.0\.0 de Séance tenante, plus récente"):
        restoring.restore(archive=made.path, into=here, force=True)
    assert site(here) == OLD


def test_nothing_is_written_outside(tmp_path: Path, here: Path) -> None:
    made = make(tmp_path, Member("../evil", text("evil")))
    with pytest.raises(BadArchive, match="n’a pas pu se déplier"):
        restoring.restore(archive=made.path, into=here, force=True)
    assert site(here) == OLD
    assert not (here / "evil").exists()
    assert list(here.glob("*.part")) == []


@pytest.mark.parametrize("damage", ["truncated", "changed", "foreign", "empty"])
def test_a_damaged_archive_changes_nothing(tmp_path: Path, here: Path, damage: str) -> None:
    made = make(tmp_path).path
    data = made.read_bytes()
    if damage == "truncated":
        made.write_bytes(data[: len(data) // 2])
    elif damage == "changed":
        made.write_bytes(data.replace(b"nouveau", b"nouvaeu"))
    elif damage == "foreign":
        with tarfile.open(made, "w") as tar:
            info = tarfile.TarInfo(archive.MANIFEST)
            body = json.dumps({"product": "other", "members": {DATABASE: {}}}).encode()
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    else:
        made.write_bytes(b"")
    with pytest.raises(BadArchive):
        restoring.restore(archive=made, into=here, force=True)
    assert site(here) == OLD


def test_cut_between_any_two_moves_it_is_one_site_or_the_other(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes at the first move, the second…; the next start ends what was begun."""
    made, real = make(tmp_path), Path.rename
    (here / f"{DATABASE}-wal").write_bytes(b"")

    class PowerCut(BaseException):
        pass

    def cut_at(number: int) -> Any:
        count = 0

        def rename(self: Path, target: Path) -> Path:
            nonlocal count
            count += 1
            if count == number:
                raise PowerCut
            return real(self, target)

        return rename

    cuts = 0
    while True:
        cuts += 1
        folder = tmp_path / f"cut-{cuts}"
        copied(here, folder)
        monkeypatch.setattr(Path, "rename", cut_at(cuts))
        try:
            restoring.restore(archive=made.path, into=folder, force=True)
        except PowerCut:
            monkeypatch.setattr(Path, "rename", real)
            begun = restoring.finish_interrupted(folder)
            assert site(folder) == (NEW if begun else OLD)
            if begun:
                assert [site(aside) for aside in folder.glob("before-restore-*")] == [OLD]
            assert restoring.finish_interrupted(folder) is False
        else:
            break
    assert cuts > 7


def copied(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target)
