"""What an act tells of people, and what is left once it is masked; what an acknowledgement says. No database."""

from datetime import date
from types import SimpleNamespace

import pytest

from council.publication import receipts
from council.publication.models import Choice
from council.publication.personal import found_in, names_in
from council.publication.wording import MASK, masked_html, masked_text, public_subject, to_mask, words_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "M. Jean Petit Dupont, 3 bis avenue de la Gare, est reçu.",
            [("un nom avec son adresse", "M. Jean Petit Dupont, 3 bis avenue de la Gare")],
        ),
        (
            "Au 12 rue des Lilas habite M. Jean Dupont.",
            [("un nom avec son adresse", "12 rue des Lilas habite M. Jean Dupont")],
        ),
        ("née le 4 mai 1950, elle", [("une date de naissance", "née le 4 mai 1950")]),
        (
            "Mme Anne Roche\nsollicite\nun secours.",
            [("une aide sociale liée à un nom", "Mme Anne Roche sollicite un secours")],
        ),
        ("Les tarifs de la cantine, 12 rue des Écoles.", []),
        ("M. Jean-Luc Ferrand, adjoint, rapporte.", []),
    ],
)
def test_passages(text, expected):
    assert [(one.kind, one.words) for one in found_in(text)] == expected


def test_only_social_aid_must_go():
    assert [one.must_go for one in found_in("Mme Anne Roche perçoit le RSA. Née le 4 mai 1950.")] == [True, False]


def test_names_of_a_passage():
    assert names_in("secours à Mme Anne Roche et M. Petit") == [
        "Mme Anne Roche",
        "Anne Roche",
        "Mme Roche",
        "Madame Roche",
        "Mlle Roche",
        "M. Petit",
    ]


def test_what_a_picture_says_is_read_and_masked():
    html = '<p>Plan.</p><img alt="Tombe de Mme Anne Roche, 12 rue des Lilas" src="data:x"><p>Mme Roche paie.</p>'
    (found,) = found_in(words_in(html))
    assert found.words == "Mme Anne Roche, 12 rue des Lilas"
    shown = masked_html(html, to_mask([SimpleNamespace(words=found.words, choice=Choice.MASKED)]))
    masked = f'<span class="masked">{MASK}</span>'
    assert shown == f'<p>Plan.</p><img alt="Tombe de {MASK}" src="data:x"><p>{masked} paie.</p>'


def test_masking_runs_over_tags_and_keeps_them():
    html = "<p>À <strong>Mme  Anne</strong> Roche, 12 rue des Lilas &amp; suite.</p>"
    shown = masked_html(html, ["Mme Anne Roche, 12 rue des Lilas & suite"])
    assert shown == f'<p>À <strong><span class="masked">{MASK}</span></strong>.</p>'
    assert masked_text("À Mme\u00a0Anne\nRoche.", ["Mme Anne Roche"]) == f"À {MASK}."


NUMBER = "008-210800123-20261013-2026_05_03-DE"


@pytest.mark.parametrize(
    ("read", "said", "expected"),
    [
        (
            receipts.of_text,
            f"Reçu en préfecture le 15/10/2026 ID : {NUMBER}",
            receipts.Receipt(NUMBER, "2026_05_03", date(2026, 10, 15)),
        ),
        (
            receipts.of_text,
            f"Accusé de réception – {NUMBER} Date de réception préfecture : 31/02/2026",
            receipts.Receipt(NUMBER, "2026_05_03", None),
        ),
        (receipts.of_text, "Bonjour", receipts.Receipt()),
        (receipts.of_xml, b"<a/>", receipts.Receipt()),
        (receipts.of_xml, b"pas du xml", receipts.Receipt()),
        (
            receipts.of_xml,
            f'<!DOCTYPE a [<!ENTITY x "y">]><a IDActe="{NUMBER}" DateReception="2026-10-15"/>'.encode(),
            receipts.Receipt(NUMBER, "2026_05_03", date(2026, 10, 15)),
        ),
    ],
)
def test_acknowledgements(read, said, expected):
    assert read(said) == expected


def test_a_mask_longer_than_what_it_hides_still_fits():
    act, flag = (
        SimpleNamespace(subject="x" * 488 + " M. Li Wu"),
        SimpleNamespace(words="M. Li Wu", choice=Choice.MASKED),
    )
    assert public_subject(act, [flag]) == f"{'x' * 488} {MASK}"[:500]
