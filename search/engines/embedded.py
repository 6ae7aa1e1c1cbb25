"""SQLite's FTS5, in the same file and the same transaction as the content.

The table of the index takes its content from `search_passage` and is kept by triggers: whatever writes or deletes a
passage keeps the index. Tokens come analysed; FTS5 splits them at spaces. https://www.sqlite.org/fts5.html
"""

from django.db import connections

from search.asking import TITLE, Ask, Clause
from search.engines.contract import CANDIDATES, Scope
from search.engines.database import DatabaseEngine
from search.engines.pruning import telling_terms
from search.vocabulary import Statistics

COLUMNS = ("title_tokens", "heading_tokens", "body_tokens")
WEIGHTS = (4.0, 2.0, 1.0)

# `ascii` keeps whatever is not ASCII inside a token; our own tokens have no other ASCII than these.
CREATE = [
    f"""CREATE VIRTUAL TABLE search_fts USING fts5({", ".join(COLUMNS)}, content='search_passage', content_rowid='id',
        tokenize="ascii tokenchars '-.'")""",
    *(
        f"CREATE TRIGGER search_fts_{name} AFTER {event} ON search_passage BEGIN {' '.join(deeds)} END"
        for name, event, deeds in (
            ("added", "INSERT", ["@add"]),
            ("gone", "DELETE", ["@drop"]),
            ("changed", f"UPDATE OF {', '.join(COLUMNS)}", ["@drop", "@add"]),
        )
    ),
]
_ADD = f"INSERT INTO search_fts(rowid, {', '.join(COLUMNS)}) VALUES (new.id, {', '.join(f'new.{c}' for c in COLUMNS)});"
_DROP = (
    f"INSERT INTO search_fts(search_fts, rowid, {', '.join(COLUMNS)}) "
    f"VALUES ('delete', old.id, {', '.join(f'old.{c}' for c in COLUMNS)});"
)
CREATE = [sql.replace("@add", _ADD).replace("@drop", _DROP) for sql in CREATE]
DROP = ["DROP TRIGGER search_fts_added", "DROP TRIGGER search_fts_gone", "DROP TRIGGER search_fts_changed",
        "DROP TABLE search_fts"]  # fmt: skip

_CANDIDATES = """
    WITH hit AS MATERIALIZED (
        SELECT rowid AS id, bm25(search_fts, {weights}) AS score FROM search_fts WHERE search_fts MATCH %s
        ORDER BY score LIMIT -1  -- without a LIMIT, SQLite leaves the order out
    )
    SELECT search_passage.id FROM hit
    CROSS JOIN search_passage ON search_passage.id = hit.id
    CROSS JOIN search_entry ON search_entry.id = search_passage.entry_id
    WHERE {seen} LIMIT %s
"""


class Embedded(DatabaseEngine):
    """The default engine."""

    name = "sqlite"
    matched = "SELECT p.entry_id FROM search_fts CROSS JOIN search_passage p ON p.id = search_fts.rowid WHERE search_fts MATCH %s"

    def candidates(self, ask: Ask, scope: Scope, figures: Statistics, *, limit: int = CANDIDATES) -> list[int]:
        """See the contract. Rows come best first and rights are asked of each until enough are found."""
        match = " OR ".join(map(quoted, telling_terms(ask, figures)))
        if not match:
            return []
        seen, parameters = self.narrowed(ask, scope)
        weights = ", ".join(map(str, WEIGHTS))
        sql = _CANDIDATES.format(weights=weights, seen=seen)
        with connections[scope.using].cursor() as cursor:
            cursor.execute(sql, [match, *parameters, limit])
            return [row[0] for row in cursor.fetchall()]

    def expression(self, clause: Clause) -> str:
        """A clause in FTS5's words: each token quoted, so that no sign of it is understood."""
        runs = " OR ".join(" + ".join(map(quoted, run)) for run in clause.alternatives)
        return f"(title_tokens : ({runs}))" if clause.where == TITLE else f"({runs})"


def quoted(token: str) -> str:
    """A token as an FTS5 string."""
    return '"' + token.replace('"', '""') + '"'
