"""The search of Wagtail's admin (explorer, choosers, search page), answered from our index.

Wagtail filters by rights before it asks; a queryset comes in and leaves with one condition more, the best first. Models
that our index does not hold (images…) keep modelsearch's own fallback, which cannot fail on what people type.
"""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from modelsearch.backends.database import fallback
from modelsearch.query import Phrase, PlainText
from wagtail.models import Page

from kb.documents.models import Document, DocumentVersion
from search import asking, vocabulary
from search.asking import Ask
from search.engines import choosing
from search.engines.contract import Scope
from search.models import Entry, Kind, Passage

RANKED = 100  # the best ones, put first; what follows keeps the queryset's order
SEEN = {Page: Q(kind=Kind.PAGE), Document: Q(kind=Kind.FILE)}


class Compiler(fallback.DatabaseSearchQueryCompiler):
    """A query of the admin on one model."""

    completes = False

    @property
    def held(self) -> type[Page] | type[Document] | None:
        """Page or Document where the model is one, or a kind of one."""
        return next((held for held in SEEN if issubclass(self.queryset.model, held)), None)

    def asked(self) -> Ask | None:
        """The ask that our index answers; None when the fallback does."""
        if self.held is None or not isinstance(self.query, PlainText | Phrase):
            return None
        text = str(self.query.query_string)
        ask = asking.understood(f'"{text}"' if isinstance(self.query, Phrase) else text.replace('"', " "))
        if self.completes and ask.words:
            last, token = ask.words[-1]
            ask = ask.widened({token: tuple(vocabulary.stems_beginning(last))})
        return None if ask.is_empty else ask

    def build_database_filter(self, query: Any, boost: float = 1.0) -> Any:
        """All the words, anywhere in the page or the file; nothing is found by what holds no word."""
        ask = self.asked() if query is self.query else None
        if ask is None:
            if isinstance(query, PlainText) and not query.query_string.split():
                return fallback.MATCH_NONE
            return super().build_database_filter(query, boost)
        return Q(pk__in=self.matching(ask))

    def matching(self, ask: Ask) -> Any:
        """A subquery of the ids of pages, or of documents, that have every clause."""
        entries = Entry.objects.filter(SEEN[self.held or Page])
        for clause in ask.wanted:
            entries = entries.filter(pk__in=_having(clause))
        for clause in ask.refused:
            entries = entries.exclude(pk__in=_having(clause))
        if self.held is Page:
            return entries.values("page")
        return DocumentVersion.objects.filter(pk__in=entries.values("version")).values("document")

    def best(self, ask: Ask) -> list[int]:
        """Ids of the pages or documents that answer best, in order."""
        figures = vocabulary.statistics(ask.terms)
        found = choosing.database_engine().candidates(ask, Scope(SEEN[self.held or Page]), figures)
        column = "entry__page" if self.held is Page else "entry__version__document"
        rows = dict(Passage.objects.filter(pk__in=found).values_list("pk", column))
        return list(dict.fromkeys(rows[pk] for pk in found if rows.get(pk)))[:RANKED]


class AutocompleteCompiler(Compiler):
    """As one types: the last word may be unfinished."""

    completes = True


def _having(clause: asking.Clause) -> RawSQL:
    engine = choosing.database_engine()
    return RawSQL(engine.matched, [engine.expression(clause)])  # noqa: S611 - our own SQL, words as parameters


class Results(fallback.DatabaseSearchResults):
    """The rows, the best first where relevance is asked for."""

    def get_queryset(self) -> QuerySet[Any]:
        """One query of the rows; one before it to know the best."""
        compiler = self.query_compiler
        ask = compiler.asked() if compiler.order_by_relevance else None
        if ask is None:
            return super().get_queryset()
        found = compiler.queryset.filter(compiler.build_database_filter(compiler.query))
        order = [When(pk=pk, then=Value(rank)) for rank, pk in enumerate(compiler.best(ask))]
        if order:
            rank = Case(*order, default=Value(RANKED), output_field=IntegerField())
            found = found.order_by(rank, "-pk")
        return found[self.start : self.stop]

    def _do_count(self) -> int:
        compiler = self.query_compiler
        ask = compiler.asked()
        if ask is None:
            return int(super()._do_count())
        return int(compiler.queryset.filter(compiler.build_database_filter(compiler.query)).order_by().count())


class SearchBackend(fallback.DatabaseSearchBackend):
    """What WAGTAILSEARCH_BACKENDS names."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = Results
