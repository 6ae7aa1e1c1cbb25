"""Word's old .doc, read by antiword or turned into .docx by LibreOffice, where the server has them."""

import shutil

from kb.documents.extraction import pandoc, sandbox
from kb.documents.extraction.sandbox import MB, Limits

ANTIWORD_LIMITS = Limits(memory=512 * MB, cpu=20, wall=40, output=32 * MB)
OFFICE_LIMITS = Limits(memory=2048 * MB, cpu=90, wall=120, output=100 * MB)
# No macro runs, no link is followed, nothing is recovered or updated: the profile is new each time.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


class NoReader(Exception):
    """Neither antiword nor LibreOffice is installed."""


def has_antiword() -> bool:
    return shutil.which("antiword") is not None


def read_with_antiword(data: bytes) -> pandoc.Tree | None:
    """The text with its bold, lists and tables; None without antiword, or when it finds nothing.

    antiword leaves out hidden and deleted text, and images. Raises sandbox.SandboxError.
    """
    program = shutil.which("antiword")
    if program is None:
        return None
    done = sandbox.run(
        [program, "-x", "db", "old.doc"],
        files={"old.doc": data},
        limits=ANTIWORD_LIMITS,
        allowed_codes=range(256),
    )
    start = done.stdout.find(b"<book")
    if done.returncode != 0 or start < 0:
        return None
    tree = pandoc.read(done.stdout[start:], "docbook")
    return pandoc.Tree(_joined_lists(tree.blocks), [], {})


def as_docx(data: bytes) -> bytes:
    """The .doc as LibreOffice writes it in .docx, b"" when it cannot. Raises NoReader,
    sandbox.SandboxError."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoReader
    argv = [
        program,
        "--headless",
        "--norestore",
        "--nologo",
        "--nolockcheck",
        "-env:UserInstallation=file:///proc/self/cwd/profile",
    ]
    argv += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", "out", "old.doc"]
    files = {"old.doc": data, "profile/user/registrymodifications.xcu": PROFILE.encode()}
    done = sandbox.run(argv, files=files, limits=OFFICE_LIMITS, collect="out/*.docx")
    return next(iter(done.collected.values()), b"")


def _joined_lists(blocks: list[dict]) -> list[dict]:
    """antiword writes each item as a list of its own: neighbours of one kind are one list again."""
    joined: list[dict] = []
    for block in blocks:
        if block["t"] in {"Div", "Figure"}:
            block = {**block, "c": [*block["c"][:-1], _joined_lists(block["c"][-1])]}
        last = joined[-1] if joined else None
        if last is not None and last["t"] == block["t"] == "OrderedList" and last["c"][0] == block["c"][0]:
            joined[-1] = {"t": "OrderedList", "c": [last["c"][0], last["c"][1] + block["c"][1]]}
        elif last is not None and last["t"] == block["t"] == "BulletList":
            joined[-1] = {"t": "BulletList", "c": last["c"] + block["c"]}
        else:
            joined.append(block)
    return joined
