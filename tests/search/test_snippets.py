"""Snippets: the words as they stand, nothing broken, nothing let through."""

from hypothesis import given
from hypothesis import strategies as st

from search.french import terms
from search.snippets import snippet

TEXT = (
    "Le conseil municipal a voté les délibérations. " * 5
    + "L’ÉCOLE des Tilleuls, œuvre du co-voiturage. "
    + "Fin. " * 99
)


def marked(text: str, words: str) -> list[str]:
    return [piece.text for piece in snippet(text, terms(words)).pieces if piece.marked]


def test_words_are_marked_as_they_stand() -> None:
    assert marked(TEXT, "ecoles tilleul")[-2:] == ["ÉCOLE", "Tilleuls"]
    assert marked(TEXT, "covoiturage oeuvres") == ["œuvre", "co-voiturage"]
    assert marked("Selon l’article L. 2121-10 du code", "L2121-10") == ["L. 2121-10"]


def test_the_stretch_with_the_most_words_is_cut_at_words() -> None:
    found = snippet(TEXT, terms("école tilleuls conseil"))
    assert "ÉCOLE des Tilleuls" in found.text
    assert TEXT[TEXT.index(found.text) - 1].isspace()
    assert found.cut_before
    assert found.cut_after


def test_html_is_escaped() -> None:
    assert snippet("<b>école</b> & <script>", terms("école")).html == (
        "&lt;b&gt;<mark>école</mark>&lt;/b&gt; &amp; &lt;script&gt;"
    )


def test_lines_on_one_line() -> None:
    text = "Qui s’inscrit, et comment.\nFiche\nTarifs de la cantine\n\nMots-clés : école"
    assert snippet(text, terms("cantine")).html_of_lines == (
        "Qui s’inscrit, et comment.\nFiche · Tarifs de la <mark>cantine</mark> · Mots-clés : école"
    )


@given(st.text(max_size=900), st.text(max_size=30), st.integers(min_value=40, max_value=300))
def test_a_snippet_is_a_stretch_of_its_text(text: str, words: str, length: int) -> None:
    found = snippet(text, terms(words) + terms(text)[:5], length=length)
    assert found.text in text
    assert len(found.text) <= length + 60
    start = text.index(found.text)
    assert not found.text or start == 0 or found.text[0] not in "\u0300\u0301\u200d"
    html = str(found.html)
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
