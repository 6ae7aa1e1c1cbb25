"""pandoc in the sandbox: what it reads becomes a tree, what it writes becomes bytes."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pypandoc

from kb.documents.extraction import sandbox
from kb.documents.extraction.sandbox import MB, Limits

LIMITS = Limits(memory=1024 * MB, cpu=20, wall=40, output=120 * MB, file_size=100 * MB)
MOST_TREE = 24 * MB  # some 2,000 pages; beyond, the tree would weigh on the server's own memory
HEAP = "-M512M"


@dataclass(frozen=True)
class Tree:
    """A document as pandoc's JSON blocks, and the images it holds, by the address that the blocks give."""

    blocks: list[dict]
    title: list[dict]  # inlines of the paragraph in Title style, [] when there is none
    media: dict[str, bytes] = field(default_factory=dict)


@cache
def program() -> str:
    """The path of the pandoc that pypandoc_binary carries, or of the system's."""
    return pypandoc.get_pandoc_path()


def read(data: bytes, source: str) -> Tree:
    """`data` in a pandoc format (docx, odt, rtf, html, docbook) as a tree. Tracked deletions are left out.

    Raises sandbox.SandboxError, and RecursionError for a tree nested hundreds deep.
    """
    options = ["-f", source, "-t", "json", "--track-changes=accept", "--extract-media=."]
    done = sandbox.run(_command(*options), stdin=data, limits=LIMITS, collect="**/*")
    if len(done.stdout) > MOST_TREE:
        raise sandbox.TooMuchOutput("the tree is over the cap")
    tree = json.loads(done.stdout)
    media = {f"./{name}": content for name, content in done.collected.items()}
    return Tree(tree["blocks"], tree["meta"].get("title", {}).get("c", []), media)


def plain(data: bytes, source: str) -> str:
    """`data` in a pandoc format as text, a paragraph a line. Raises sandbox.SandboxError."""
    options = ["-f", source, "-t", "plain", "--wrap=none", "--track-changes=accept"]
    return sandbox.run(_command(*options), stdin=data, limits=LIMITS).stdout.decode(errors="replace")


@cache
def label() -> str:
    """« pandoc 3.9 »."""
    return f"pandoc {pypandoc.get_pandoc_version()}"


def words(inlines: list[dict[str, Any]]) -> str:
    """The text of inlines, without their notes."""
    parts: list[str] = []
    for inline in inlines:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        if kind in {"Space", "SoftBreak", "LineBreak"}:
            parts.append(" ")
        elif kind == "Str":
            parts.append(content)
        elif kind in {"Code", "Math"}:
            parts.append(content[1])
        elif kind not in {"Note", "Image", "RawInline"} and content:
            nested = content if isinstance(content[0], dict) and "t" in content[0] and kind != "Quoted" else content[1]
            parts.append(words(nested))
    return " ".join("".join(parts).split())


def write(html: str, target: str, *, reference: bytes = b"") -> bytes:
    """`html` (images as `data:` addresses: the sandbox drops all others) as "docx" or "odt" bytes.

    `reference` is a file of the same format that gives styles and headers. Raises sandbox.SandboxError.
    """
    options = ["-f", "html", "-t", target, "-o", "-"]
    files = {f"reference.{target}": reference} if reference else {}
    options += [f"--reference-doc=reference.{target}"] if reference else []
    return sandbox.run(_command(*options), stdin=html.encode(), files=files, limits=LIMITS).stdout


def _command(*options: str) -> list[str]:
    return [program(), "--sandbox", *options, "+RTS", HEAP, "-RTS"]
