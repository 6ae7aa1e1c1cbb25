"""The words of an act, and what is left of them once a person has chosen what to mask."""

import re
from collections.abc import Sequence
from html import escape, unescape

from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from council.publication.models import Act, Choice, Flag, Publication
from council.publication.personal import found_in, names_in
from kb.sanitizing import plain_text

MASK = "[donnée masquée]"
LONGEST_SUBJECT = Publication._meta.get_field("subject").max_length
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|tr|div)>|<br\s*/?>")
_BETWEEN = r"(?:\s|\u00a0|&nbsp;|<[^>]+>)+"
_TAG = re.compile(r"<[^>]+>")
_ALT = re.compile(r"""<[^>]*\balt=(?:"([^"]*)"|'([^']*)')""")


def html_of(act: Act) -> str:
    """The text of the act, as HTML for paper."""
    return act.deliberation.text if act.deliberation else str(linebreaks(act.source.text, autoescape=True))


def sentence_of(act: Act) -> str:
    """What the register says of the vote; empty for a decision."""
    return act.deliberation.sentence if act.deliberation else ""


def text_of(act: Act) -> str:
    """All that the act says, a paragraph each: its object, its text, its vote."""
    return "\n\n".join([act.subject, words_in(html_of(act)), sentence_of(act)])


def to_mask(flags: Sequence[Flag]) -> list[str]:
    """The passages to mask, the longest first, with the names of who is in them."""
    words = [flag.words for flag in flags if flag.choice == Choice.MASKED]
    names = [name for passage in words for name in names_in(passage)]
    return sorted(dict.fromkeys([*words, *names]), key=len, reverse=True)


def masked_text(text: str, passages: Sequence[str]) -> str:
    """Plain words without the passages."""
    for passage in passages:
        text = re.sub(r"\s+".join(map(re.escape, passage.split())), MASK, text)
    return text


def masked_html(html: str, passages: Sequence[str]) -> SafeString:
    """The same in HTML: a passage may run over tags, which stay."""
    shown = f'<span class="masked">{MASK}</span>'
    for passage in passages:
        pattern = _BETWEEN.join(_as_html(word) for word in passage.split())
        html = _TAG.sub(lambda tag: re.sub(pattern, MASK, tag[0]), html)  # noqa: B023 - the words of a picture
        html = re.sub(pattern, lambda found: shown + "".join(_TAG.findall(found[0])), html)
    return mark_safe(html)  # noqa: S308 - the act's own clean HTML


def _as_html(word: str) -> str:
    """A word as it may be written in HTML."""
    written = {word, escape(word, quote=False), escape(word)}
    return "(?:" + "|".join(map(re.escape, sorted(written, key=len, reverse=True))) + ")"


def masked_minutes(html: str, flags: Sequence[Flag]) -> SafeString:
    """A procès-verbal without what its acts mask, nor what is told of people that no act has kept."""
    html = masked_html(html, to_mask(flags))
    kept = {"".join(flag.words.split()) for flag in flags if flag.choice == Choice.KEPT}
    found = [one.words for one in found_in(words_in(html)) if "".join(one.words.split()) not in kept]
    names = [name for passage in found for name in names_in(passage)]
    return masked_html(html, sorted(dict.fromkeys([*found, *names]), key=len, reverse=True))


def words_in(html: str) -> str:
    """Plain words, a paragraph each; what the pictures say to who does not see them, at the end."""
    alts = [unescape(double or single) for double, single in _ALT.findall(html)]
    return "\n\n".join([plain_text(_BLOCK_END.sub("\n\n\\g<0>", html)), *filter(None, alts)])


def public_subject(act: Act, flags: Sequence[Flag]) -> str:
    """The object, as the public reads it. A mask may be longer than what it hides: what does not fit is cut."""
    return masked_text(act.subject, to_mask(flags))[:LONGEST_SUBJECT]
