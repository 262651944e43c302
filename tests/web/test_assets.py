"""The page's files may be kept for good; answers are compressed for who wants that."""

from __future__ import annotations

import gzip
import re
from typing import Any

from tests.web.conftest import Client
from webapp.web import create_app
from webapp.web.settings import Settings

GZIP = {"Accept-Encoding": "gzip"}


def fetch(client: Client, address: str, headers: dict[str, str] | None = None) -> Any:
    """An answer that was read to its end, so that the file behind it is closed."""
    with client.get(address, headers=headers) as answer:
        answer.get_data()
        return answer


def test_addresses_change_with_the_content(client: Client) -> None:
    page = client.get("/").text
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert found
    for address in found:
        assert re.search(r"\?v=[0-9a-f]{12}$", address), address
        answer = fetch(client, address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        old = fetch(client, address[:-1] + "_")
        assert old.headers["Cache-Control"] == "no-cache"


def test_unversioned_files_are_asked_for_again_and_cost_nothing(client: Client) -> None:
    first = fetch(client, "/static/dist/page.js", headers=GZIP)
    assert first.headers["Cache-Control"] == "no-cache"
    again = fetch(client, "/static/dist/page.js", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_only_the_static_folder_is_served(client: Client) -> None:
    for path in ("../webapp/errors.py", "..%2fpyproject.toml", "%2e%2e/pyproject.toml", "dist/../../run.py", "%00"):
        assert fetch(client, f"/static/{path}").status_code == 404


def test_answers_are_compressed_for_who_wants_that(client: Client, workspace: str) -> None:
    plain, packed = client.get(f"{workspace}/scene"), client.get(f"{workspace}/scene", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3
    refused = client.get(f"{workspace}/scene", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    small = client.get("/healthz", headers=GZIP)
    assert "Content-Encoding" not in small.headers


def test_compression_can_be_turned_off() -> None:
    client = create_app(Settings(compress_from_bytes=0)).test_client()
    assert "Content-Encoding" not in fetch(client, "/static/dist/page.js", headers=GZIP).headers
