"""Word's old .doc, read by antiword or turned into .docx by LibreOffice, where the server has them."""

import shutil

from kb.documents.extraction import libreoffice, pandoc, sandbox
from kb.documents.extraction.sandbox import MB, Limits

ANTIWORD_LIMITS = Limits(memory=512 * MB, cpu=20, wall=40, output=32 * MB)
NoReader = libreoffice.NotInstalled


def has_antiword() -> bool:
    """Whether this server has antiword."""
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


def text_with_antiword(data: bytes) -> str:
    """The plain text, a paragraph a line; "" without antiword, or when it finds nothing.

    antiword leaves out hidden and deleted text. Raises sandbox.SandboxError.
    """
    program = shutil.which("antiword")
    if program is None:
        return ""
    argv = [program, "-m", "UTF-8.txt", "-w", "0", "old.doc"]
    done = sandbox.run(argv, files={"old.doc": data}, limits=ANTIWORD_LIMITS, allowed_codes=range(256))
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def as_docx(data: bytes) -> bytes:
    """The .doc as LibreOffice writes it in .docx, b"" when it cannot. Raises NoReader,
    sandbox.SandboxError."""
    return libreoffice.converted(data, source="doc", target="docx")


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
