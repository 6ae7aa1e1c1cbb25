"""PostgreSQL's full text, fed with our tokens: no configuration of the server's own, so that results agree everywhere.

The vector is a generated column: whatever writes a passage keeps the index. Title, heading and body carry the weights A,
B and D. `ts_rank` knows nothing of rarity: each term is ranked alone and weighed by ours. It unpacks the vector of each
passage, which costs more than all the rest: the index first says which passages have the rarest of the terms, rights are
asked of those in turn, and only the first of them (and their equals) are ranked.
https://www.postgresql.org/docs/15/textsearch-controls.html
"""

from django.db import connections

from search.asking import TITLE, Ask, Clause
from search.engines.contract import CANDIDATES, Scope
from search.engines.database import DatabaseEngine
from search.engines.pruning import telling_terms
from search.vocabulary import Statistics

WEIGHTS = "{0.1, 0.1, 0.2, 0.4}"  # D, C, B, A
MOST_POSITIONS = 16_383  # of a tsvector
RANKED = 2  # times the candidates

# The planner does not see that reading the table means unpacking every vector: within this function, it asks the index.
HITS = """CREATE OR REPLACE FUNCTION search_hits(term tsquery) RETURNS TABLE (passage bigint, entry bigint)
    LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off
    AS $$ SELECT id, entry_id FROM search_passage WHERE vector @@ term $$"""

CREATE = [
    f"""CREATE FUNCTION search_vector(title text, heading text, body text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(format('%L:%s%s', token, least(place, {MOST_POSITIONS}), weight), ' '), '')::tsvector
        FROM (
            SELECT token, row_number() OVER (ORDER BY field, place) + 10 * field AS place, weight FROM (
                SELECT 0 AS field, 'A' AS weight, t.* FROM unnest(string_to_array(title, ' ')) WITH ORDINALITY t(token, place)
                UNION ALL
                SELECT 1, 'B', t.* FROM unnest(string_to_array(heading, ' ')) WITH ORDINALITY t(token, place)
                UNION ALL
                SELECT 2, 'D', t.* FROM unnest(string_to_array(body, ' ')) WITH ORDINALITY t(token, place)
            ) AS words WHERE token <> ''
        ) AS numbered $$""",
    "ALTER TABLE search_passage ADD COLUMN vector tsvector "
    "GENERATED ALWAYS AS (search_vector(title_tokens, heading_tokens, body_tokens)) STORED",
    "CREATE INDEX search_passage_vector ON search_passage USING gin (vector)",
    HITS,
]
DROP = [
    "DROP FUNCTION IF EXISTS search_hits(tsquery)",
    "ALTER TABLE search_passage DROP COLUMN vector",
    "DROP FUNCTION search_vector(text, text, text)",
]


_CANDIDATES = """
    WITH hit AS MATERIALIZED (
        SELECT passage, entry, sum(rarity) AS score
        FROM unnest(%s::tsquery[], %s::float8[]) AS term(word, rarity) CROSS JOIN LATERAL search_hits(word)
        GROUP BY passage, entry
    ), near AS MATERIALIZED (
        SELECT first.passage AS id FROM (SELECT * FROM hit ORDER BY score DESC OFFSET 0) AS first
        JOIN search_entry ON search_entry.id = first.entry
        WHERE {seen} ORDER BY first.score DESC FETCH FIRST %s ROWS WITH TIES
    )
    SELECT id FROM near JOIN search_passage USING (id)
    CROSS JOIN LATERAL (SELECT vector || ''::tsvector AS words OFFSET 0) AS unpacked
    ORDER BY {rank} DESC, id LIMIT %s
"""


class PostgreSQL(DatabaseEngine):
    """The engine of a town whose database is PostgreSQL."""

    name = "postgresql"
    matched = "SELECT p.entry_id FROM search_passage p WHERE p.vector @@ %s::tsquery"

    def candidates(self, ask: Ask, scope: Scope, figures: Statistics, *, limit: int = CANDIDATES) -> list[int]:
        """See the contract."""
        terms = telling_terms(ask, figures)
        if not terms:
            return []
        seen, parameters = self.narrowed(ask, scope)
        rarities = [figures.rarity(term) for term in terms]
        words = [quoted(term) for term in terms]
        rank = " + ".join([f"%s * ts_rank('{WEIGHTS}', words, %s::tsquery, 1)"] * len(terms))
        sql = _CANDIDATES.format(seen=seen, rank=rank)
        weighed = [part for pair in zip(rarities, words, strict=True) for part in pair]
        with connections[scope.using].cursor() as cursor:
            cursor.execute(sql, [words, rarities, *parameters, RANKED * limit, *weighed, limit])
            return [row[0] for row in cursor.fetchall()]

    def expression(self, clause: Clause) -> str:
        """A clause as a tsquery."""
        weight = ":A" if clause.where == TITLE else ""
        runs = (" <-> ".join(quoted(token) + weight for token in run) for run in clause.alternatives)
        return "(" + " | ".join(f"({run})" for run in runs) + ")"


def quoted(token: str) -> str:
    """A token as a lexeme of a tsquery."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
