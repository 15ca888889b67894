"""The console as the gateway serves it: its files, its page at every address that is not the API's, and nothing else.

(W-1), issue 10, line 1.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import gateway
from tests.gateway.fakes import FakeServices

from gateway.console import Console, ConsoleError, takes_gzip

PAGE = "<!doctype html><title>客户</title><script src=/assets/index-Ab12.js></script>"
SCRIPT = "console.log('客户');" * 40
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build makes, with a file beside it that nobody may reach."""
    folder = tmp_path_factory.mktemp("build") / "dist"
    for name, text in {
        "index.html": PAGE,
        "manifest.webmanifest": '{"name": "客户"}',
        "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "assets/index-Ab12.js": SCRIPT,
        "assets/index-Cd34.css": "body { margin: 0 }",
        ".vite/manifest.json": "{}",
        "../secret.txt": "not for anybody",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "assets/index-Ab12.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    return folder


@pytest.fixture(scope="module")
def console(broker: FakeServices, folder: Path) -> Iterator[TestClient]:
    """A gateway with a console, and with a rate limit that no single test could live with."""
    with gateway(broker, console_dir=folder, anonymous_rate_limit=1, rate_limit=1) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/customers", "/customers/0192?tab=cases", "/v2", "/healthy"])
def test_every_address_of_the_console_is_its_page(console: TestClient, path: str) -> None:
    answer = console.get(path, headers=BROWSER)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_the_page_may_run_its_own_scripts_and_nobody_elses(console: TestClient) -> None:
    policy = dict(
        rule.strip().split(" ", 1)
        for rule in console.get("/", headers=BROWSER).headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert console.get("/", headers=BROWSER).headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/v1/nothing", "/health/live", "/openapi.json", "/.well-known/nothing"])
def test_the_api_keeps_its_own_policy(console: TestClient, path: str) -> None:
    policy = console.get(path, headers=BROWSER).headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_the_page_is_not_sent_again_to_who_has_it(console: TestClient) -> None:
    etag = console.get("/", headers=BROWSER).headers["etag"]
    again = console.get("/customers", headers={**BROWSER, "if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    other = console.get("/", headers={**BROWSER, "if-none-match": '"of-another-build"'})
    assert other.status_code == 200


def test_assets_are_kept_for_a_year_without_asking(console: TestClient) -> None:
    answer = console.get("/assets/index-Ab12.js", headers={"accept-encoding": "identity"})
    assert answer.text == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in answer.headers


def test_who_takes_gzip_gets_what_the_build_has_compressed(console: TestClient) -> None:
    plain = console.get("/assets/index-Ab12.js", headers={"accept-encoding": "identity"})
    small = console.get("/assets/index-Ab12.js", headers={"accept-encoding": "gzip, br"})
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(SCRIPT)
    assert small.text == SCRIPT
    assert small.headers["etag"] != plain.headers["etag"]
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_a_file_that_the_build_did_not_compress_is_sent_as_it_is(console: TestClient) -> None:
    answer = console.get("/assets/index-Cd34.css", headers={"accept-encoding": "gzip"})
    assert (answer.text, "content-encoding" in answer.headers) == ("body { margin: 0 }", False)


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP; q=1.0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("br", False),
        ("*", False),
        ("", False),
    ],
)
def test_gzip_is_for_those_who_say_so(offered: str, taken: bool) -> None:
    assert takes_gzip(offered) is taken


def test_the_manifest_and_the_icon_have_their_types_and_are_asked_for_again(console: TestClient) -> None:
    for path, media_type in (
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icon.svg", "image/svg+xml"),
    ):
        answer = console.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert answer.headers["cache-control"] == "no-cache"


def test_head_says_what_get_would(console: TestClient) -> None:
    for path in ("/", "/assets/index-Ab12.js"):
        asked, got = console.head(path, headers=BROWSER), console.get(path, headers=BROWSER)
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["content-length"] == got.headers["content-length"]
        assert asked.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/nothing",
        "/health/nothing",
        "/docs/nothing/more",
        "/.well-known/nothing",
        "/metrics/nothing",
    ],
)
def test_what_the_api_has_not_stays_a_problem_for_a_browser_too(console: TestClient, path: str) -> None:
    answer = console.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert "doctype" not in answer.text


@pytest.mark.parametrize("path", ["/assets/index-Old9.js", "/assets", "/assets/"])
def test_an_asset_that_is_not_there_is_not_the_page(console: TestClient, path: str) -> None:
    answer = console.get(path, headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/.vite/manifest.json",
    ],
)
def test_no_path_leads_out_of_the_folder(console: TestClient, path: str) -> None:
    for headers in ({"accept": "*/*"}, BROWSER):
        answer = console.get(path, headers=headers)
        assert "not for anybody" not in answer.text
        assert answer.status_code == 404 or answer.text == PAGE


def test_a_program_that_wants_no_page_is_told_that_there_is_nothing(console: TestClient) -> None:
    answer = console.get("/customers", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_nothing_is_sent_to_the_console(console: TestClient) -> None:
    for path in ("/", "/customers"):
        answer = console.post(path, headers=BROWSER)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_page_full_of_assets_is_not_counted_as_requests(console: TestClient) -> None:
    for _ in range(5):
        answer = console.get("/assets/index-Ab12.js")
        assert (answer.status_code, "ratelimit" in answer.headers) == (200, False)


def test_the_routes_of_the_console_are_not_in_the_document(
    console: TestClient, anonymous: TestClient
) -> None:
    assert console.get("/openapi.json").json() == anonymous.get("/openapi.json").json()


def test_metrics_name_the_page_and_the_assets_and_not_every_address(console: TestClient) -> None:
    console.get("/customers/of-somebody", headers=BROWSER)
    console.get("/assets/index-Ab12.js")
    exposed = console.get("/metrics").text
    assert 'route="/index.html"' in exposed
    assert 'route="/assets/{file}"' in exposed
    assert "of-somebody" not in exposed


def test_without_a_console_there_is_nothing_at_its_addresses(anonymous: TestClient) -> None:
    for path in ("/", "/customers"):
        assert anonymous.get(path, headers=BROWSER).json()["code"] == "not-found"


def test_a_folder_without_a_console_stops_the_start(tmp_path: Path) -> None:
    async def nothing(*_: object) -> None: ...

    with pytest.raises(ConsoleError, match=r"no index\.html"):
        Console(tmp_path, otherwise=nothing)
