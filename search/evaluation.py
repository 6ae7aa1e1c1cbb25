"""Judging the search on a collection with known answers: a throw-away index, through the product's own path."""

import json
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search import entries, feeding, finding
from search.engines.contract import Engine, Scope
from search.engines.elasticsearch import ElasticsearchEngine
from search.passages import Part
from search.throwaway import throwaway_database

SHOWN = 100
BATCH = 500


class Unreadable(Exception):
    """A collection that cannot be read; the message names the file, the line and what it should be."""


@dataclass(frozen=True)
class Judgement:
    """Quality in shares of 1, latencies in milliseconds of wall time, index time in seconds, size in bytes."""

    engine: str
    documents: int
    queries: int
    recall_at_10: float
    recall_at_100: float
    mrr_at_10: float
    ndcg_at_10: float
    p50_ms: float
    p95_ms: float
    index_seconds: float
    index_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def rows_of(path: Path, *wanted: str) -> Iterator[dict[str, str]]:
    """The lines of a JSONL file, each with these keys as text. Raises Unreadable, OSError."""
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                texts = {key: str(row[key]) for key in wanted} | {"title": str(row.get("title") or "")}
                "".join(texts.values()).encode()  # half a character, « \ud800 », is no text
                yield texts
            except (ValueError, KeyError, TypeError, RecursionError):
                raise Unreadable(f"{path}, ligne {number} : il faut un objet JSON avec {', '.join(wanted)}.") from None


def judgements_of(path: Path) -> dict[str, set[str]]:
    """Query id → ids of its answers. A first line that names the columns is passed. Raises Unreadable, OSError."""
    answers: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            cells = line.rstrip("\n").split("\t")
            if not line.strip() or (number == 1 and cells[0] == "query-id"):
                continue
            if len(cells) < 3 or not cells[2].strip().lstrip("-").isdigit():
                raise Unreadable(f"{path}, ligne {number} : il faut « requête⇥document⇥1 ».")
            if int(cells[2]) > 0:
                answers[cells[0]].add(cells[1])
    return dict(answers)


def evaluate(
    docs: Iterable[dict[str, str]], queries: Iterable[dict[str, str]], answers: dict[str, set[str]], engine: Engine
) -> Judgement:
    """Indexes `docs` in a throw-away database, asks every query that has an answer, and measures."""
    with ExitStack() as stack:
        base = stack.enter_context(throwaway_database())
        start = time.perf_counter()
        documents = _fill(docs, base.alias)
        if isinstance(engine, ElasticsearchEngine):
            stack.enter_context(feeding.throwaway_index(engine.alias, using=base.alias))
        took = time.perf_counter() - start
        scope = Scope(entries.SHEETS, base.alias)
        names = entries.names_of_sheets(base.alias)
        found, times = {}, []
        for query in queries:
            if query["id"] not in answers:
                continue
            start = time.perf_counter()
            ranked = finding.find(query["text"], scope, engine).ranked[:SHOWN]
            times.append(1000 * (time.perf_counter() - start))
            found[query["id"]] = [names[one.entry] for one in ranked]
        size = base.size()
    return Judgement(
        engine=engine.name,
        documents=documents,
        queries=len(found),
        **measures(found, answers),
        p50_ms=round(_quantile(times, 0.5), 2),
        p95_ms=round(_quantile(times, 0.95), 2),
        index_seconds=round(took, 2),
        index_bytes=size,
    )


def _fill(docs: Iterable[dict[str, str]], alias: str) -> int:
    sheets = ((doc["id"], doc["title"], [Part(doc["text"])]) for doc in docs)
    return entries.write_sheets(sheets, using=alias)


def measures(found: dict[str, list[str]], answers: dict[str, set[str]]) -> dict[str, float]:
    """Recall, mean reciprocal rank and nDCG (binary gain, log2 discount), averaged over the queries."""
    totals: dict[str, list[float]] = defaultdict(list)
    for query, names in found.items():
        right = answers[query]
        ranks = [rank for rank, name in enumerate(names[:SHOWN], 1) if name in right]
        gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= 10)
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(right), 10) + 1))
        totals["recall_at_10"].append(sum(rank <= 10 for rank in ranks) / len(right))
        totals["recall_at_100"].append(len(ranks) / len(right))
        totals["mrr_at_10"].append(1 / ranks[0] if ranks and ranks[0] <= 10 else 0.0)
        totals["ndcg_at_10"].append(gain / ideal)
    keys = ("recall_at_10", "recall_at_100", "mrr_at_10", "ndcg_at_10")
    return {key: round(statistics.fmean(totals[key]), 4) if totals[key] else 0.0 for key in keys}


def _quantile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
