"""Acts, procès-verbaux and follow-up in the index: found in the deed's transaction, by who may read them and in his words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.acts import minutes
from council.acts import operations as acts_operations
from council.acts import queries as acts_queries
from council.decisions.queries import readable_by
from council.follow_up import operations as follow_up
from council.publication import operations, sitting_papers, transmission
from council.publication import queries as publication
from council.publication.models import Act, Choice, PublicPaper, SendingWay, SittingPaper
from kb.access import operations as access
from kb.access.models import Role
from kb.exchange import pdf
from kb.permissions import Viewer
from search import operations as index
from search import queries, rights, suggestions
from search.models import Entry, Figures, Kind, Term
from search.queries import Filters
from tests.conftest import Town
from tests.council.conftest import Council
from tests.council.publication.world import NAMING, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PUBLIC = AnonymousUser()
needs_pdf = pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(Council(town))


def titles(words: str, person: Any, **more: Any) -> list[str]:
    return [hit.title for hit in queries.search(words, person, **more).hits]


def acts_of(words: str, person: Any) -> dict[str, str]:
    """Title → address, of the acts alone."""
    only = Filters(kinds=frozenset({"act"}))
    return {hit.title: hit.address for hit in queries.search(words, person, filters=only, limit=50).hits}


def test_a_deliberation_is_found_at_the_closing_by_who_keeps_it_and_who_sat_there(desk: Desk) -> None:
    member = desk.seated()
    act = desk.sitting_acts()[0]
    title = f"Délibération {act.written} : Tarifs de la cantine"
    assert acts_of("cantine", desk.secretary) == {title: f"/conseil/actes/{act.pk}/"}
    paper = f"/p/{desk.sitting.pk}/deliberations/{act.deliberation_id}/deliberation.pdf"
    assert acts_of("cantine", member) == {title: paper}
    assert desk.town.signed_in(member).get(paper).status_code == 200
    assert desk.town.signed_in(desk.secretary).get(f"/conseil/actes/{act.pk}/").status_code == 200
    assert acts_of("« ne prend pas part »", desk.town.elu) == acts_of("cantine", PUBLIC) == {}


def test_who_reads_a_sitting_finds_what_came_of_its_items_until_the_act_is_public(desk: Desk) -> None:
    act = desk.sitting_acts()[0]
    results = {f"{act} : {act.subject}": f"/p/{desk.sitting.pk}/#resultats"}
    sentence = f"« {act.deliberation.sentence.split('.')[0]} »"
    found = [acts_of(words, desk.town.elu) for words in ("cantine", act.number, sentence)]
    assert [next(iter(one.items())) for one in found] == list(results.items()) * 3 and found[0] == results
    screen = desk.town.signed_in(desk.town.elu).get(f"/p/{desk.sitting.pk}/", follow=True).content.decode()
    assert 'id="resultats"' in screen
    (hit,) = queries.search("cantine", desk.town.elu, filters=Filters(kinds=frozenset({"act"}))).hits
    assert hit.words == (act.deliberation.get_result_display(),)
    desk.sign(act)
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    assert list(acts_of("cantine", desk.town.elu).values()) == [act.address]
    access.reserve(page=act.deliberation.item, by=desk.secretary, why="")
    other = Act.objects.get(deliberation__position=2)
    access.reserve(page=other.deliberation.item, by=desk.secretary, why="")
    assert acts_of("financier", desk.town.elu) == {} and len(acts_of("financier", desk.secretary)) == 1


def test_what_the_register_says_of_the_vote_is_found(desk: Desk) -> None:
    act = desk.sitting_acts()[0]
    sentence = act.deliberation.sentence.split(".")[0]
    assert sentence and list(acts_of(f"« {sentence} »", desk.secretary)) == [f"{act} : {act.subject}"]


@pytest.mark.parametrize("typed", ["{0}", "{0} cantine", "« {0} »", "n° {0}", "{1}"])
def test_a_number_is_found_as_it_is_typed(desk: Desk, typed: str) -> None:
    act = desk.sitting_acts()[0]
    found = list(acts_of(typed.format(act.written, act.number), desk.secretary))
    assert found[0] == f"{act} : {act.subject}"


@pytest.mark.parametrize("typed", ["DEC_{}_001", "DEC-{}-001", "{}-001", "dec {} 001", "décision {}-001"])
def test_a_decision_is_found_by_its_number(desk: Desk, typed: str) -> None:
    act = desk.act()
    desk.act(subject="Autre objet")
    found = list(acts_of(typed.format(act.decided_on.year), desk.secretary))
    assert found[0] == f"Décision du maire {act.number} : Location de la salle des fêtes"


def test_a_decision_is_for_who_keeps_the_register_and_who_sits_there_today(desk: Desk) -> None:
    member, draft = desk.seated(), desk.draft(subject="Brouillon de la fanfare")
    act = desk.act()
    title = f"{act} : Location de la salle des fêtes"
    assert acts_of("comité des fêtes", desk.secretary) == {title: f"/conseil/actes/{act.pk}/"}
    assert acts_of("comité des fêtes", member) == {title: f"/conseil/decisions/{act.decision_id}/"}
    assert acts_of("comité des fêtes", desk.town.elu) == acts_of("comité des fêtes", PUBLIC) == {}
    assert acts_of("fanfare", desk.secretary) == {} and draft.number is None
    desk.council.mandates[0].until = timezone.localdate()
    desk.council.mandates[0].save()
    assert acts_of("comité des fêtes", member) == {}


def test_what_is_published_is_found_by_everybody_at_its_permanent_address_and_once(desk: Desk) -> None:
    member, act = desk.seated(), desk.published()
    title = f"{act} : {act.subject}"
    assert acts_of("comité des fêtes", PUBLIC) == acts_of("comité des fêtes", desk.town.elu) == {title: act.address}
    assert acts_of("comité des fêtes", desk.secretary) == {title: f"/conseil/actes/{act.pk}/"}
    assert acts_of("comité des fêtes", member) == {title: f"/conseil/decisions/{act.decision_id}/"}
    assert queries.search("comité des fêtes", desk.secretary).total == 1


def test_what_is_taken_down_is_gone_at_once(desk: Desk) -> None:
    act = desk.published()
    (made,) = act.publications.all()
    operations.take_down(publication=made, on=timezone.localdate(), why="Erreur", by=desk.secretary)
    assert acts_of("comité des fêtes", PUBLIC) == {}
    assert not Entry.objects.filter(publication__isnull=False).exists()
    assert len(acts_of("comité des fêtes", desk.secretary)) == 1


def test_the_public_finds_nothing_by_what_is_masked(desk: Desk) -> None:
    act = desk.sign(desk.act(NAMING, point=8))
    for flag in act.flags.all():
        operations.choose(flag=flag, choice=Choice.MASKED, reason="Particulier", by=desk.secretary)
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    assert titles("concession", PUBLIC) == [f"{act} : {act.subject}"]
    assert titles("Durand OU lilas", PUBLIC) == titles("Durand", desk.town.elu) == []
    assert queries.search("Duran", PUBLIC).did_you_mean == ""
    said = [one.snippet.text for hit in queries.search("concession", PUBLIC).hits for one in hit.extracts]
    assert "[donnée masquée]" in " ".join(said) and "Durand" not in " ".join(said)
    assert len(titles("Durand", desk.secretary)) == 1


def test_what_is_corrected_after_publication_is_not_what_the_public_has(desk: Desk) -> None:
    act = desk.sitting_acts()[0]
    desk.sign(act, "La cantine coûte trois euros.")
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    acts_operations.correct(
        deliberation=act.deliberation,
        object=act.subject,
        text="<p>Pour Mme Zoé Zqxmarque.</p>",
        reason="Faute",
        by=desk.secretary,
    )
    assert len(acts_of("zqxmarque", desk.secretary)) == 1
    for _ in range(2):
        assert acts_of("zqxmarque", PUBLIC) == {} and len(acts_of("trois euros", PUBLIC)) == 1
        index.ask_for_rebuilding()
        index.rebuild(lambda done, total: None)


def test_the_proces_verbal_is_for_who_writes_it_then_for_the_members(desk: Desk) -> None:
    member, (first, *_) = desk.seated(), desk.sitting_acts()
    minutes.type_discussions(
        sitting=desk.sitting, texts={first.deliberation.item_id: "Mme Delmas parle de la fanfare."}, by=desk.secretary
    )
    title = f"Procès-verbal : {desk.sitting.title}"
    assert acts_of("fanfare", desk.secretary) == {title: f"/p/{desk.sitting.pk}/pv/"}
    assert acts_of("fanfare", member) == {}
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    paper = f"/p/{desk.sitting.pk}/papiers/proces-verbal.pdf"
    assert acts_of("fanfare", member) == {title: paper}
    assert desk.town.signed_in(member).get(paper).status_code == 200
    (hit,) = queries.search("fanfare", member).hits
    assert hit.words == ("Envoyé aux membres",)
    assert acts_of("fanfare", desk.town.elu) == acts_of("fanfare", PUBLIC) == {}


def test_of_an_item_held_in_huis_clos_the_public_finds_the_deliberation_and_nothing_that_was_said(desk: Desk) -> None:
    desk.open(5)
    desk.tell("item", 2, item="1")
    desk.tell("decide", 3, what="huis_clos", unanimous=True)
    desk.tell("ballot", 6, unanimous=True)
    desk.close()
    act = Act.objects.get(deliberation__isnull=False)
    minutes.type_discussions(
        sitting=desk.sitting, texts={act.deliberation.item_id: "Mme Delmas parle de la fanfare."}, by=desk.secretary
    )
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    desk.sign(act)
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    assert acts_of("cantine", PUBLIC) == {f"{act} : Tarifs de la cantine": act.address}
    assert acts_of("fanfare OU Delmas", PUBLIC) == acts_of("fanfare OU Delmas", desk.town.elu) == {}
    assert len(acts_of("fanfare", desk.secretary)) == 1


def put_online(desk: Desk, paper: SittingPaper) -> PublicPaper:
    return sitting_papers.publish(sitting=desk.sitting, paper=paper, by=desk.secretary)


@needs_pdf
def test_the_list_online_is_found_by_everybody_in_the_words_of_its_file_until_another_replaces_it(desk: Desk) -> None:
    member, _acts = desk.seated(), desk.sitting_acts()
    words = "« Tarifs de la cantine »"
    assert acts_of(words, PUBLIC) == {}
    first = put_online(desk, SittingPaper.LIST)
    title = sitting_papers.title_of(first)
    assert title.startswith("Liste des délibérations de la séance du") and acts_of(words, PUBLIC) == {
        title: first.address
    }
    for person in (desk.secretary, member, desk.town.elu, desk.town.outsider):
        assert acts_of(words, person)[title] == first.address
    (hit,) = queries.search(words, PUBLIC).hits
    assert hit.words == (f"En ligne depuis le {publication.day(timezone.localdate())}",)
    assert hit.sort_label == "Liste des délibérations" and Client().get(hit.address).status_code == 200
    assert titles("cantine type:liste", PUBLIC) == [title]
    acts_operations.correct(
        deliberation=desk.deliberations[0], object="Tarifs 2031", text="", reason="Année.", by=desk.secretary
    )
    assert len(acts_of(words, PUBLIC)) == 1  # what the public has does not change by itself
    put_online(desk, SittingPaper.LIST)
    assert acts_of(words, PUBLIC) == {} and list(acts_of("2031", PUBLIC)) == [title]
    assert Entry.objects.filter(paper__isnull=False).count() == 1
    desk.council.instance.body = "ccas"
    desk.council.instance.save()
    assert acts_of("2031", PUBLIC) == {}


@needs_pdf
def test_the_proces_verbal_online_is_found_without_what_was_said_in_huis_clos(desk: Desk) -> None:
    member = desk.seated()
    desk.open(5)
    desk.tell("item", 2, item="1")
    desk.tell("decide", 3, what="huis_clos", unanimous=True)
    desk.tell("ballot", 6, unanimous=True)
    desk.tell("decide", 7, what="huis_clos", end=True)
    desk.close()
    said = {desk.items[0].pk: "Mme Delmas parle de la fanfare.", desk.items[3].pk: "On applaudit le carillon."}
    minutes.type_discussions(sitting=desk.sitting, texts=said, by=desk.secretary)
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    desk.following()
    minutes.approve(sitting=desk.sitting, remarks="", by=desk.secretary)
    assert acts_of("carillon", PUBLIC) == {}
    paper = put_online(desk, SittingPaper.MINUTES)
    for person in (PUBLIC, desk.town.elu):
        assert acts_of("carillon", person) == {sitting_papers.title_of(paper): paper.address}
        assert acts_of("fanfare", person) == {}
    for person in (desk.secretary, member):  # in their own words, and once
        assert len(acts_of("carillon", person)) == len(acts_of("fanfare", person)) == 1


def test_what_follows_is_for_who_keeps_the_act_and_a_task_for_its_owner_too(desk: Desk) -> None:
    member, owner, act = desk.seated(), desk.town.technical, desk.published()
    follow_up.note(
        act=act, values={"amount": 1200, "contract": "Marché Peyrol", "note": "Devis attendu"}, by=desk.secretary
    )
    due = timezone.localdate() + timedelta(days=9)
    follow_up.give_task(
        act=act, what="Commander les chaises", owner=owner, service="Technique", due=due, by=desk.secretary
    )
    sheet = f"/conseil/actes/{act.pk}/"
    assert acts_of("Peyrol", desk.secretary) == {f"Suivi : {act.subject}": sheet}
    assert acts_of("chaises", desk.secretary) == {"Commander les chaises": sheet}
    assert acts_of("chaises", owner) == {"Commander les chaises": "/conseil/mes-taches/"}
    everybody_else = [member, desk.town.elu, PUBLIC]
    assert [acts_of("Peyrol OU chaises", person) for person in everybody_else] == [{}, {}, {}]
    assert acts_of("Peyrol", owner) == {}
    transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=act.decided_on, by=desk.secretary)
    transmission.note_received(act=act, on=act.decided_on, number="008-4242", by=desk.secretary)
    found = [list(acts_of("008-4242", person)) for person in (desk.secretary, member, PUBLIC)]
    assert found == [[f"{act} : {act.subject}"], [f"{act} : {act.subject}"], []]
    assert next(iter(acts_of(act.number, desk.secretary))) == f"{act} : {act.subject}"


def test_who_looks_with_somebodys_eyes_keeps_nothing_there(desk: Desk) -> None:
    member, act = desk.seated(), desk.act()
    eyes = [Viewer(person, looker=desk.town.admin) for person in (desk.secretary, member)]
    assert [acts_of("comité des fêtes", one) for one in eyes] == [
        {},
        {f"{act} : {act.subject}": f"/conseil/decisions/{act.decision_id}/"},
    ]


def test_a_result_says_where_an_act_stands(desk: Desk) -> None:
    act = desk.published()
    transmission.note_sent(act=act, way=SendingWay.NONE, nature="1", on=None, by=desk.secretary)
    (for_the_town,) = queries.search("comité", desk.secretary).hits
    (for_all,) = queries.search("comité", PUBLIC).hits
    today = publication.day(timezone.localdate())
    assert for_the_town.words == (f"Publiée en ligne le {today}", f"Exécutoire depuis le {today}")
    assert for_all.words == (f"Publiée en ligne le {today}",)
    assert (for_all.sort_label, for_all.kind) == ("Décision du maire", "act")


def test_facets_and_filters(desk: Desk) -> None:
    desk.sitting_acts()
    act = desk.published()
    answer = queries.search(
        "délibération OU décision OU fêtes", desk.secretary, filters=Filters(kinds=frozenset({"act"}))
    )
    assert dict(answer.facets["kind"]) == {"act": 4}
    assert dict(answer.facets["sort"]) == {"deliberation": 3, "decision": 1}
    assert dict(answer.facets["year"]) == {str(act.decided_on.year): 4}
    assert titles("fêtes type:décision", desk.secretary) == [f"{act} : {act.subject}"]
    assert titles("fêtes type:délibération", desk.secretary) == []


def test_numbers_are_proposed_as_they_are_typed(desk: Desk) -> None:
    act, other = desk.published(), desk.act(subject="Secret du maire")
    year = act.decided_on.year

    def proposed(typed: str, person: Any) -> list[tuple[str, str]]:
        lines = suggestions.suggested(typed, Viewer(person))
        return [(line["label"], line["url"]) for line in lines if line["kind"] == "act"]

    line = (f"{act} : {act.subject}", f"/conseil/actes/{act.pk}/")
    for typed in (f"DEC_{year}_001", f"dec-{year}-001", f"{year}-001", f"{year} 001"):
        assert proposed(typed, desk.secretary) == [line]
    assert len(proposed(f"{year}", desk.secretary)) == 2
    assert proposed(f"{year}", desk.town.elu) == [(line[0], act.address)]
    assert proposed(f"{year}-002", desk.town.elu) == [] and other.number.endswith("002")


def test_an_act_that_is_hidden_changes_nothing_at_all(desk: Desk) -> None:
    """The whole answer with and without it: the same, corrections and propositions included."""
    member = desk.seated()
    desk.published()
    asked = ["fêtes", "feets", "zqxmarque", "zqxmraque", "002", f"{date.today().year}-002", "décision OU zqxmarque"]
    people = [PUBLIC, desk.town.elu, desk.town.outsider]

    def answers() -> list[Any]:
        found = [queries.search(words, person) for words in asked for person in people]
        return [
            [(one.total, one.facets, one.did_you_mean, one.hits) for one in found],
            [suggestions.suggested(words, Viewer(person)) for words in asked for person in people[1:]],
        ]

    before = answers()
    hidden = desk.act("Décide :\n\nArticle 1er. La zqxmarque des fêtes.", subject="Zqxmarque des fêtes")
    follow_up.give_task(
        act=hidden, what="Zqxmarque", owner=desk.secretary, service="", due=timezone.localdate(), by=desk.secretary
    )
    assert answers() == before
    assert acts_of("zqxmarque", member) and acts_of("zqxmarque", desk.secretary)


def test_the_rights_in_ids_are_those_that_each_screen_asks(desk: Desk) -> None:
    """`Reach`, and the SQL made of it, for the whole cast, beside what one sitting and one act answer."""
    member, (first, *_) = desk.seated(), desk.sitting_acts()
    reserved = desk.town.person("Léa", "Sans-Point")
    desk.town.give(Role.READER, desk.council.shelf, person=reserved)
    desk.council.mandates[1].account = reserved
    desk.council.mandates[1].save()
    access.reserve(page=first.deliberation.item, by=desk.secretary, why="")  # she no longer reads every item
    desk.town.give(Role.READER, first.deliberation.item, person=member)
    minutes.type_discussions(sitting=desk.sitting, texts={first.deliberation.item_id: "Débat."}, by=desk.secretary)
    minutes.send(sitting=desk.sitting, by=desk.secretary)
    follow_up.note(act=desk.published(), values={"note": "Devis"}, by=desk.secretary)
    parted = desk.town.person("Rémi", "Responsable")  # keeps the register, and does not read every item
    desk.town.give(Role.MANAGER, desk.council.shelf, person=parted)
    cast = [desk.secretary, parted, member, reserved, desk.town.admin, desk.town.elu, desk.town.outsider]
    seen = []
    for person in cast:
        viewer = Viewer(person)
        whole = acts_queries.access(viewer, desk.sitting)
        kept = set(publication.acts_kept_by(viewer).values_list("pk", flat=True))
        decided = set(readable_by(viewer).filter(number__isnull=False).values_list("act", flat=True))
        of_sitting = {act.pk for act in Act.objects.exclude(deliberation=None)} if whole.sits else set()
        expected = kept | decided | of_sitting
        sql, parameters = rights.condition(viewer)
        rows = list(Entry.objects.raw(f"SELECT * FROM search_entry WHERE {sql}", parameters))
        assert {row.act_id for row in rows} - {None} == expected
        assert {row.minutes_id for row in rows} - {None} == ({desk.sitting.pk} if whole else set())
        online = {row.publication.act_id for row in rows if row.publication_id}
        assert online == {one.act_id for one in publication.public()} - expected
        assert {row.followed_id for row in rows} - {None} <= kept
        told = {
            one.pk
            for one in desk.deliberations
            if one.act.pk not in expected and viewer.can_view(one.item) and viewer.can_view(desk.sitting)
        }
        assert {row.outcome_id for row in rows} - {None} == told
        seen.append(frozenset(row.pk for row in rows if row.kind == Kind.ACT))
    assert len(set(seen)) == 6  # the cast tells the rules apart


def test_it_is_written_again_from_nothing(desk: Desk) -> None:
    desk.sitting_acts()
    act = desk.published()
    follow_up.note(act=act, values={"contract": "Marché Peyrol"}, by=desk.secretary)
    follow_up.give_task(
        act=act, what="Tâche", owner=desk.secretary, service="", due=timezone.localdate(), by=desk.secretary
    )
    minutes.type_discussions(sitting=desk.sitting, texts={desk.items[0].pk: "Débat."}, by=desk.secretary)
    put_online(desk, SittingPaper.LIST)
    put_online(desk, SittingPaper.LIST)

    def written() -> list[Any]:
        rows = Entry.objects.filter(kind=Kind.ACT).order_by("sort", "title", "pk")
        figures = Figures.objects.values("passages", "tokens", "entries").first()
        return [
            list(rows.values_list("title", "sort", "dated", "length", "fingerprint")),
            figures,
            Term.objects.count(),
        ]

    before = written()
    assert index.missing() == 0
    for entry in Entry.objects.filter(kind=Kind.ACT):
        entry.delete()
    assert index.missing() == 12
    index.rebuild(lambda done, total: None)
    assert (index.missing(), written()) == (0, before)


def test_results_cost_no_query_each(desk: Desk) -> None:
    def cost(person: Any) -> int:
        with CaptureQueriesContext(connection) as told:
            queries.search("fêtes", person)
        return len(told)

    member = desk.seated()
    desk.published()
    people = [desk.secretary, member, desk.town.elu, PUBLIC]
    [cost(person) for person in people]
    one = [cost(person) for person in people]
    for number in range(2):
        desk.published(subject=f"Fêtes {number}")
    assert [cost(person) for person in people] == one
    assert len(titles("fêtes", PUBLIC)) == 3


def test_a_correction_is_found_by_the_public_once_it_is_published_in_place_of_what_was(desk: Desk) -> None:
    act = desk.sign(desk.sitting_acts()[0], text="Tarifs de la cantine")
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    acts_operations.correct(
        deliberation=act.deliberation,
        object="Redevance du cimetière",
        text="",
        reason="Mot juste.",
        by=desk.secretary,
    )
    assert list(acts_of("cantine", PUBLIC)) == [f"{act} : Tarifs de la cantine"]
    assert acts_of("cimetière", PUBLIC) == {}
    desk.sign(Act.objects.get(pk=act.pk), text="Redevance du cimetière")
    operations.publish(act=act, up_on=timezone.localdate(), by=desk.secretary)
    assert list(acts_of("cimetière", PUBLIC)) == [f"{act} : Redevance du cimetière"]
    assert acts_of("cantine", PUBLIC) == {}


def test_a_corrected_act_is_found_by_both_of_its_acknowledgements(desk: Desk) -> None:
    act, today = desk.sign(desk.sitting_acts()[0]), timezone.localdate()
    for number, receipt in enumerate(("008-4242", "008-5353")):
        if number:
            acts_operations.correct(
                deliberation=act.deliberation, object="Tarifs 2027", text="", reason="Année.", by=desk.secretary
            )
            act = desk.sign(Act.objects.get(pk=act.pk))
        transmission.note_sent(act=act, way=SendingWay.ELECTRONIC, nature="1", on=today, by=desk.secretary)
        transmission.note_received(act=act, on=today, number=receipt, by=desk.secretary)
    title = f"{act} : {act.subject}"
    assert [list(acts_of(receipt, desk.secretary)) for receipt in ("008-4242", "008-5353")] == [[title], [title]]
