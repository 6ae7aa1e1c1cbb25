"""The file door: headers that keep files inert, ranges, names with accents."""

import pytest

pytestmark = pytest.mark.both_databases


@pytest.fixture
def address(town):
    document = town.document("Été à Valmorin".encode(), "Été n° 2 – plan.txt")
    town.attach(town.page("École"), document)
    return f"/documents/{document.pk}/v1/"


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_headers(reader, address):
    response = reader.get(address)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Disposition"] == (
        "inline; filename*=utf-8''%C3%89t%C3%A9%20n%C2%B0%202%20%E2%80%93%20plan.txt"
    )
    assert reader.get(address, {"telecharger": "1"}).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "status", "answer", "content_range"),
    [
        ("bytes=0-3", 206, "Été à Valmorin".encode()[:4], "bytes 0-3/17"),
        ("bytes=-4", 206, b"orin", "bytes 13-16/17"),
        ("bytes=5-", 206, "Été à Valmorin".encode()[5:], "bytes 5-16/17"),
        ("bytes=99-", 416, b"", "bytes */17"),
        ("octets=0-3", 200, "Été à Valmorin".encode(), None),
    ],
)
def test_ranges(reader, address, asked, status, answer, content_range):
    response = reader.get(address, HTTP_RANGE=asked)
    assert (response.status_code, body(response), response.headers.get("Content-Range")) == (
        status,
        answer,
        content_range,
    )


def test_an_unchanged_file_is_not_sent_again_but_the_right_is_asked_again(town, reader, address):
    tag = reader.get(address).headers["ETag"]
    assert reader.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304
    from kb.pages import operations as pages
    from kb.pages.models import ArticlePage

    pages.unpublish(page=ArticlePage.objects.get(), author=town.admin)
    assert reader.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 404


def test_nobody_reads_without_signing_in(client, address):
    assert client.get(address).status_code == client.get("/documents/999/").status_code == 404
