"""A convened sitting with one item, its note, its text and its annex."""

import io

import pytest

from council.convening import operations as deeds
from kb.pages import operations as pages
from tests.council.convening.conftest import convening as convening
from tests.council.papers.test_binding import pdf


def upload(data):
    """A file as it is deposited."""
    return io.BytesIO(data)


@pytest.fixture
def convened(convening):
    """Signed and sent; `convening.document` is the annex of `convening.item`."""
    sitting = convening.sitting(signed=False)
    convening.document = convening.town.document(pdf(3), "tarifs.pdf", author=convening.secretary)
    item = type(convening.item).objects.get(pk=convening.item.pk)
    item.body = convening.town.page("Modèle", "<p>Le conseil <b>décide</b>.</p>", publish=False).body
    pages.save_draft(page=item, author=convening.secretary)
    pages.attach_document(page=item, document=convening.document, author=convening.secretary)
    deeds.sign(sitting=sitting, by=convening.maire)
    deeds.send(sitting=sitting, by=convening.secretary)
    convening.item = type(item).objects.get(pk=item.pk)
    return type(sitting).objects.get(pk=sitting.pk)
