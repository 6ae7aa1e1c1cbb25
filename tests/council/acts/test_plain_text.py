"""A délibération's text as lines, and back."""

import pytest

from council.acts.plain_text import to_html, to_lines

HTML = (
    "<p>Vu le code &amp; l’avis ;</p><h2>Décide</h2><p>Le conseil <b>fixe</b> le prix.</p><ul><li>un</li><li>deux</li></ul>"
    "<ol><li>d’abord</li><li>ensuite</li></ol>"
)
LINES = "Vu le code & l’avis ;\n\n## Décide\n\nLe conseil **fixe** le prix.\n\n- un\n- deux\n1. d’abord\n2. ensuite"


def test_what_lines_say_comes_back_the_same():
    assert to_lines(HTML) == LINES
    apart = LINES.replace("- deux\n1.", "- deux\n\n1.")
    assert to_html(apart) == HTML
    assert to_html("a\nb") == "<p>a<br>b</p>"


def test_what_is_typed_is_words_never_tags():
    assert to_html("<script>x</script> <a href='http://x'>y</a>") == (
        "<p>&lt;script&gt;x&lt;/script&gt; &lt;a href='http://x'&gt;y&lt;/a&gt;</p>"
    )


@pytest.mark.parametrize(
    "html", ["<table><tr><td>1</td></tr></table>", '<p><a href="/">x</a></p>', '<img src="data:x">']
)
def test_what_holds_more_is_not_turned_into_lines(html):
    assert to_lines(html) is None
