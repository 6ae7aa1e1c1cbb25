"""A dossier of 40 annexes and 300 pages bound, beside `qpdf --empty --pages` on the same files, in turn."""

import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf

from council.papers.binding import Part, bind

ANNEXES, PAGES, ROUNDS = 40, 300, 9
PICTURE = 130_000  # bytes of a page's picture, that no compression shrinks: a scan


def annexes(folder: Path) -> list[Path]:
    """The files, the same at each run."""
    dice = random.Random(7)
    made = []
    for number in range(ANNEXES):
        path = folder / f"{number:02}.pdf"
        with pikepdf.Pdf.new() as one:
            font = one.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
            )
            for _ in range(PAGES // ANNEXES + (number < PAGES % ANNEXES)):
                page = one.add_blank_page(page_size=(595, 842))
                page.add_resource(font, pikepdf.Name.Font, name=pikepdf.Name.F1)
                page.add_resource(one.make_stream(dice.randbytes(PICTURE)), pikepdf.Name.XObject)
                page.contents_add(
                    one.make_stream(b"BT /F1 12 Tf 20 200 Td (La commune entretient ses chemins.) Tj ET\n" * 60)
                )
            one.save(path)
        made.append(path)
    return made


def ours(files: list[Path]) -> float:
    """Seconds of CPU, reading the files included."""
    start = time.process_time()
    bound = bind(
        [
            Part(path.stem, path.stem, path.read_bytes(), level=place % 2 if place else 0)
            for place, path in enumerate(files)
        ],
        title="Dossier de séance",
        author="Banc",
    )
    spent = time.process_time() - start
    assert bound.pages == PAGES
    return spent


def theirs(files: list[Path], target: Path) -> float:
    """The same of qpdf, without bookmarks nor numbers."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["qpdf", "--empty", "--pages", *map(str, files), "--", str(target)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Prints the ratio, the pages a second and the memory."""
    if shutil.which("qpdf") is None:
        print("binding a dossier: not measured (qpdf is not installed)")
        sys.exit()
    with tempfile.TemporaryDirectory() as folder:
        files = annexes(Path(folder))
        rounds = [(ours(files), theirs(files, Path(folder) / "whole.pdf")) for _ in range(ROUNDS)]
    ratio = statistics.median(mine / other for mine, other in rounds)
    spent = statistics.median(mine for mine, _ in rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"binding a dossier of {ANNEXES} annexes, {PAGES} pages: {ratio:.2f} x qpdf's CPU without marks (goal 1.8; "
        f"{PAGES / spent:.0f} pages a second, {memory:.0f} MB)"
    )


if __name__ == "__main__":
    main()
