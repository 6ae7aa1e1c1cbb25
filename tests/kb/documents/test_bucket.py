"""Files in an S3-compatible bucket: deposited, served, cut, swept, backed up and sent back. A real server, on loopback."""

import json
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.processes import Installation

KEYS = {"S3_ACCESS_KEY": "essai", "S3_SECRET_KEY": "essai-secret"}


@pytest.fixture(scope="module")
def server():
    """An S3 server with an empty bucket « mairies »; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client_of(address).create_bucket(Bucket="mairies")
    yield address
    server.stop()


def client_of(address):
    return boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="essai", aws_secret_access_key="essai"
    )


def site(folder: Path, server: str, prefix: str) -> Installation:
    """Developers' settings: the pages of a site whose static files were not collected."""
    return Installation(
        folder,
        DJANGO_SETTINGS_MODULE="config.settings.dev",
        S3_BUCKET="mairies",
        S3_ENDPOINT_URL=server,
        S3_REGION="us-east-1",
        S3_PREFIX=prefix,
        **KEYS,
    )


def test_a_site_whose_files_are_in_a_bucket(server, tmp_path):
    here = site(tmp_path / "ici", server, "valmorin").found()
    seen = json.loads(here.python("from tests.kb.documents import in_a_bucket; in_a_bucket.main()"))
    assert seen == {
        "recorded": [True, True],
        "whole": True,
        "range": [206, 6],
        "words": "Ligne ",
        "beyond": 416,
        "not modified": [304, 0],
        "head": [200, 0],
        "picture": True,
        "thumbnail": 200,
        "rendition": 200,
        "lost": 404,
        "address": True,
        "swept": True,
        "left": True,
    }
    found = client_of(server).list_objects_v2(Bucket="mairies")["Contents"]
    folders = {entry["Key"].split("/")[1] for entry in found}
    assert {entry["Key"].split("/")[0] for entry in found} == {"valmorin"}
    assert folders == {"documents", "images", "renditions", "derived"}
    assert not [path for path in (here.folder / "files").rglob("*") if path.is_file()]
    restored(here, site(tmp_path / "ailleurs", server, "restauree"))


def restored(here, elsewhere):
    """A backup carries the bucket's files, and a restoration sends them to its own."""
    made = here.manage("backup").strip()
    assert "restauré" in elsewhere.manage("restore", made)
    digests = "from tests.kb.documents import in_a_bucket; in_a_bucket.digests()"
    assert json.loads(elsewhere.python(digests)) == json.loads(here.python(digests))
    assert not (elsewhere.folder / "files").exists()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"S3_BUCKET": "mairies", "S3_ACCESS_KEY": "essai"}, "S3_BUCKET needs S3_SECRET_KEY."),
        ({"S3_SECRET_KEY": "essai-secret"}, "S3_SECRET_KEY without S3_BUCKET"),
        ({"S3_BUCKET": "mairies", "S3_ENDPOINT_URL": "s3.example", **KEYS}, "S3_ENDPOINT_URL='s3.example' must be"),
    ],
)
def test_half_a_bucket_stops_the_start(tmp_path, variables, said):
    answer = Installation(tmp_path, **variables).manage("check", check=False)
    assert said in answer and "essai-secret" not in answer
