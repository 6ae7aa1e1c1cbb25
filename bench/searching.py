"""Search with N entries, asked by who may see a tenth: ids, rights and grouping beside the plain SQL, in turn.

The texts are made: 30,000 words drawn as words are in a language (Zipf), some 110 a page. A query is three words that
stand together on some page, common ones included, and one in three has a word that the page has not.

`python -m bench.searching PAGES [ENGINE]`: with an engine, only what can be set beside the others' is measured, in
wall time: their servers are other processes.
"""

import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page  # noqa: E402

from bench import town  # noqa: E402
from kb.access.models import Grant, Role  # noqa: E402
from kb.pages import tree  # noqa: E402
from kb.people.models import User  # noqa: E402
from kb.permissions import Viewer  # noqa: E402
from search import asking, entries, feeding, finding, queries, snippets  # noqa: E402
from search.engines import choosing, elasticsearch  # noqa: E402
from search.engines.contract import Engine  # noqa: E402
from search.models import Entry, Kind, Passage  # noqa: E402
from search.passages import Part  # noqa: E402

WORDS, PER_PAGE, ASKED, ROUNDS = 30_000, 110, 60, 5
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "on", "ar", "or", "in")]
PLAIN = """
    WITH hit AS MATERIALIZED (
        SELECT rowid AS id, bm25(search_fts, 4, 2, 1) AS score FROM search_fts WHERE search_fts MATCH %s
    )
    SELECT search_entry.id, min(hit.score) FROM hit
    CROSS JOIN search_passage ON search_passage.id = hit.id
    CROSS JOIN search_entry ON search_entry.id = search_passage.entry_id
    WHERE {seen} GROUP BY search_entry.id ORDER BY 2 LIMIT 20
"""


class Language:
    """A made language, the same at each run."""

    def __init__(self) -> None:
        self.dice = random.Random(20)
        words = {"".join(self.dice.choices(SYLLABLES, k=self.dice.randint(2, 4))) for _ in range(WORDS * 2)}
        self.words = sorted(words)[:WORDS]
        self.dice.shuffle(self.words)
        self.weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def text(self) -> list[str]:
        return self.dice.choices(self.words, cum_weights=self.weights, k=PER_PAGE)

    def asks(self, pages: list[list[str]]) -> list[str]:
        found = []
        for number in range(ASKED):
            words = self.dice.sample(self.dice.choice(pages), 3)
            if number % 3 == 0:
                words[2] = self.text()[0]
            found.append(" ".join(words))
        return found


def fill(language: Language) -> tuple[list[list[str]], float]:
    """An entry for each page, as a rebuilding writes them; some of their texts, and the seconds it took."""
    ids = Page.objects.filter(depth__gt=2).order_by("pk").values_list("pk", flat=True)
    kept: list[list[str]] = []
    spent = 0.0
    for batch in entries.batched(ids, 500):
        texts = [language.text() for _ in batch]
        kept += texts[:5]
        start = time.process_time()
        with transaction.atomic():
            entries.write_many(_rows(batch, texts), using="default")
        spent += time.process_time() - start
    return kept, spent


def _rows(pages: list[int], texts: list[list[str]]) -> Iterator[tuple[Entry, list[Part]]]:
    for pk, words in zip(pages, texts, strict=True):
        entry = Entry(kind=Kind.PAGE, page_id=pk, title=" ".join(words[:3]), sort="note", dated=timezone.now())
        yield entry, [Part(" ".join(words))]


def spent(deed: Callable[[], Any]) -> float:
    """Milliseconds of CPU of one deed: SQLite's are in the same process, and neighbours do not count."""
    start = time.process_time()
    deed()
    return (time.process_time() - start) * 1000


def reader() -> User:
    """Who may read branches that hold a tenth of the pages."""
    person = User.objects.named("l@banc.example")
    Grant.objects.all().delete()
    taken: list[str] = []
    left = Page.objects.filter(depth__gt=2).count() // 10
    for page in Page.objects.filter(depth__lte=5, depth__gt=3).order_by("-path"):
        if left <= 0:
            break
        below = Page.objects.filter(path__startswith=page.path).count()
        if below <= left and not any(page.path.startswith(path) for path in taken):
            Grant.objects.create(page=page, person=person, role=Role.READER)
            taken.append(page.path)
            left -= below
    tree.changed(None)
    return person


class Measured:
    """One reader and his questions."""

    def __init__(self, person: User, asks: list[str], engine: Engine) -> None:
        self.person, self.asks, self.engine = person, asks, engine

    def _scope(self, ask: asking.Ask) -> Any:
        return queries.scope_for(Viewer(self.person), ask, queries.Filters())

    def ours(self, words: str) -> finding.Found:
        ask = asking.understood(words)
        return finding.find(words, self._scope(ask), self.engine, ask=ask)

    def plain(self, words: str) -> None:
        ask = asking.understood(words)
        seen, parameters = self._scope(ask).sql()
        match = " OR ".join(f'"{term}"' for term in ask.terms)
        with connection.cursor() as cursor:
            cursor.execute(PLAIN.format(seen=seen), [match, *parameters])
            cursor.fetchall()

    def counts(self, words: str) -> None:
        ask = asking.understood(words)
        self.engine.counted(ask, self._scope(ask), ask.wanted, ("sort", "year", "state"))

    def cut(self, found: finding.Found) -> None:
        chosen = Passage.objects.in_bulk([one.passages[0] for one in found.ranked[:10]])
        for passage in chosen.values():
            snippets.snippet(passage.text, found.ask.terms)

    def waits(self) -> list[float]:
        """Milliseconds from the question to the answer, in wall time."""
        times = []
        for _ in range(ROUNDS):
            for words in self.asks:
                start = time.perf_counter()
                self.ours(words)
                times.append((time.perf_counter() - start) * 1000)
        return times

    def measure(self) -> dict[str, list[float]]:
        times: dict[str, list[float]] = {name: [] for name in ("plain", "ours", "facets", "snippets")}
        for _ in range(ROUNDS):
            for words in self.asks:
                times["plain"].append(spent(lambda words=words: self.plain(words)))
                times["ours"].append(spent(lambda words=words: self.ours(words)))
                times["facets"].append(spent(lambda words=words: self.counts(words)))
                found = self.ours(words)
                times["snippets"].append(spent(lambda found=found: self.cut(found)))
        return times


def quantile(values: list[float], share: float) -> float:
    """A quantile, by rank."""
    return sorted(values)[int(share * (len(values) - 1))]


def main(pages: int) -> None:
    """Prints what was measured at one size, with the engine of the database file."""
    asker, took, share = prepared(pages)
    measured = asker.measure()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%%' OR name LIKE 'sqlite_autoindex_search%%'"
        )
        size = cursor.fetchone()[0]
    print(
        f"{pages} entries: {pages / took:.0f} written a second of CPU, {size / pages / 1000:.1f} kB each; {share:.0%} seen"
    )
    for name, values in measured.items():
        print(f"{name} p50 {quantile(values, 0.5):.2f} p95 {quantile(values, 0.95):.2f} ms of CPU")
    middle, worst = (quantile(measured["ours"], q) / quantile(measured["plain"], q) for q in (0.5, 0.95))
    print(f"ids, rights and groups beside the plain SQL: {middle:.2f} x at p50, {worst:.2f} x at p95 (goal 0.5)")


def prepared(pages: int) -> tuple[Measured, float, float]:
    """A reader with his questions in a town of so many entries; seconds of CPU to write them, and the share he sees."""
    town.build(pages)
    language = Language()
    texts, took = fill(language)
    person = reader()
    share = Page.objects.filter(Viewer(person).visible(), depth__gt=2).count() / pages
    return Measured(person, language.asks(texts), choosing.engine()), took, share


def beside(pages: int) -> None:
    """Prints the median and the 95th percentile of an engine's answers, for who sets them beside the others'."""
    asker, _, _ = prepared(pages)
    start = time.perf_counter()
    if elasticsearch.is_configured():
        feeding.rebuild(lambda done, total: None)
    fed = time.perf_counter() - start
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself within minutes
    asker.waits()  # once for the caches of all three
    times = asker.waits()
    print(asker.engine.name, quantile(times, 0.5), quantile(times, 0.95), fed)


if __name__ == "__main__":
    (main if len(sys.argv) == 2 else beside)(int(sys.argv[1]))
