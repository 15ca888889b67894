"""The gateway as it runs in production: gunicorn's ASGI worker, two processes, one port."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from tests.gateway.conftest import AMQP_URL, CONTRACTS
from tests.gateway.fakes import FakeServices, eventually
from tests.gateway.feeds import Published_
from tests.gateway.identity import a_token, bearer

REPOSITORY = Path(__file__).resolve().parents[2]
THING = {"id": "1", "version": 1}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


Server = tuple[str, subprocess.Popen[bytes]]
"""Its address and its process."""


@contextmanager
def gunicorn(broker: FakeServices, log: Path) -> Iterator[Server]:
    """Run gunicorn for the length of a block, and show its log at the end."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "AMQP_URL": AMQP_URL,
        "KEHU_PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "GATEWAY_API_DIR": str(CONTRACTS),
        "GATEWAY_RPC_EXCHANGE": broker.rpc_exchange,
        "GATEWAY_REPLIES_EXCHANGE": broker.replies_exchange,
        "GATEWAY_IDENTITY_EVENTS_EXCHANGE": broker.events_exchange,
        "GATEWAY_EVENTS_EXCHANGE": broker.every_events_exchange,
        "GATEWAY_MAX_BODY_SIZE": "1000",
        "GATEWAY_STARTUP_PATIENCE": "0",
        "GATEWAY_HEADER_TIMEOUT": "2",
        "GATEWAY_BODY_TIMEOUT": "2",
    }
    configuration = "gateway/gateway/gunicorn_conf.py"
    command = [sys.executable, "-m", "gunicorn", "-k", "asgi", "-c", configuration, "gateway.app:app"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=output, stderr=output)
    yield f"http://127.0.0.1:{port}", process
    process.terminate()
    process.wait(20)
    print(log.read_text())


def is_serving(server: Server) -> bool:
    """Tell whether both it and the services behind it answer."""
    address, process = server
    assert process.poll() is None, "gunicorn has ended"
    try:
        return httpx2.get(f"{address}/v1/things/1", headers=bearer()).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def things(services: FakeServices) -> FakeServices:
    """The services of one test, of which one has a thing."""
    services.on("echo.get_thing", THING)
    services.on("echo.create_thing", THING)
    return services


@pytest.fixture(scope="module")
def running(broker: FakeServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that leave it running: it takes longer to start than most of them."""
    with gunicorn(broker, tmp_path_factory.mktemp("gunicorn") / "gateway.log") as server:
        yield server


@pytest.fixture
def server(running: Server, things: FakeServices) -> str:
    """Its address, when it has heard of this test's services."""
    eventually(lambda: is_serving(running), timeout=60)
    return running[0]


@pytest.fixture
def own_server(things: FakeServices, tmp_path: Path) -> Iterator[Server]:
    """One that a test may stop, or count at."""
    with gunicorn(things, tmp_path / "gateway.log") as server:
        eventually(lambda: is_serving(server), timeout=60)
        yield server


def test_it_serves_counts_over_both_workers_and_stops_when_told(
    own_server: Server,
) -> None:
    address, process = own_server

    def get(_number: int) -> int:
        # A connection each, so that both workers get some.
        return httpx2.get(f"{address}/v1/things/1", headers=bearer()).status_code

    eventually(lambda: [get(n) for n in range(6)] == [200] * 6)
    before = counted(address)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(get, range(100))) == [200] * 100
    assert counted(address) == before + 100
    process.terminate()
    assert process.wait(20) == 0


def counted(address: str) -> int:
    wanted = 'kehu_http_requests_seconds_count{method="GET",route="/v1/things/{thing_id}",status="200"}'
    lines = httpx2.get(f"{address}/metrics").text.splitlines()
    return round(float(next(line for line in lines if line.startswith(wanted)).split()[-1]))


def test_http_is_spoken_correctly(server: str) -> None:
    with httpx2.Client(base_url=server, headers=bearer()) as client:
        head = client.head("/v1/things/1")
        assert (head.status_code, head.headers["etag"]) == (200, '"1"')
        assert client.get("/v1/things/1").json() == THING
        assert client.get("/v1/things/1", headers={"If-None-Match": '"1"'}).status_code == 304
        assert client.get("/v1/things/1").json() == THING
        too_large = client.post("/v1/things", content=(b" " * 100 for _ in range(50)))
        assert too_large.status_code == 413
        assert client.post("/v1/things", content=b" " * 5000).status_code == 413
        assert client.post("/v1/things", json={"name": "北京"}).status_code == 201
        assert client.get("/v1/things/%FF%00").status_code in (200, 400, 404)


def test_a_request_that_waits_for_events_is_answered_when_the_server_stops(
    own_server: Server, services: FakeServices
) -> None:
    page = {"items": [], "position": 0, "first": 1, "published": 0, "last": 0}
    for service in ("echo", "identity"):
        services.on(f"{service}.read_events", page)
    address, process = own_server
    with ThreadPoolExecutor() as pool:
        feed = f"{address}/v1/events?wait=60"
        waiting = pool.submit(lambda: httpx2.get(feed, headers=bearer(), timeout=90))
        eventually(lambda: services.seen("echo.read_events"))
        process.terminate()
        assert waiting.result().status_code == 200
    assert process.wait(20) == 0


def read_stream(address: str, last: str) -> Generator[tuple[str, str]]:
    """Yield the cursor and the id of each event of a stream, and hang up when nobody asks for more."""
    headers = {**bearer(), "Last-Event-ID": last}
    url, query = f"{address}/v1/events/stream", {"after": "beginning"}
    with httpx2.stream("GET", url, params=query, headers=headers, timeout=60) as answer:
        assert answer.status_code == 200, answer.read()
        event = ""
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "data":
                event = json.loads(value)["id"]
            elif name == "id" and event:
                yield value, event
                event = ""


def test_a_reader_of_the_stream_that_is_cut_again_and_again_gets_every_event_once(
    server: str, services: FakeServices, published: Published_
) -> None:
    """(W-2) Cut in the midst of a page, and while it waits; at either worker."""
    store, last = published["sales"], ""
    got: list[str] = []
    for second in range(5):
        for _ in range(3):
            store.add("lead.created", second)
        with closing(read_stream(server, last)) as events:
            first, second_one = islice(events, 2)
        got += [first[1], second_one[1]]
        last = second_one[0]
    for second in range(5, 8):
        with closing(read_stream(server, last)) as events:
            while len(got) < len(store.events):
                last, event = next(events)
                got.append(event)
            store.add("lead.created", second)
            services.publish_news("sales", "lead.created", len(store.events))
            last, event = next(events)
            got.append(event)
        store.add("lead.created", second)
    assert got == [event["id"] for event in store.events[:-1]]


def test_whoever_leaves_the_stream_waits_no_more(server: str, published: Published_) -> None:
    """(W-2) An account has ten places at each worker: nobody keeps one who has gone."""

    def opened() -> int:
        with httpx2.stream("GET", f"{server}/v1/events/stream", headers=bearer(), timeout=30) as answer:
            return int(answer.status_code)

    assert [eventually(lambda: opened() == 200) for _ in range(40)] == [True] * 40


def test_a_stream_ends_as_it_should_when_the_server_stops(own_server: Server, published: Published_) -> None:
    """(W-2)"""
    address, process = own_server
    sent = published["sales"].add("lead.created", 1)
    events = read_stream(address, "")
    assert next(events)[1] == sent
    process.terminate()
    assert list(events) == []
    assert process.wait(20) == 0


GET = "GET /v1/things/1 HTTP/1.1\r\nHost: test\r\nAuthorization: {authorization}\r\n"
POST = GET.replace("GET /v1/things/1", "POST /v1/things") + "Content-Length: 20\r\n\r\n"


def dripped(address: str, beginning: str, drip: bytes) -> bytes:
    """Send a beginning and then a drip every quarter of a second; return what came back before it was cut off."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(0.25)
        connection.sendall(beginning.format(authorization=bearer()["Authorization"]).encode())
        answer = b""
        for _ in range(80):
            try:
                received = connection.recv(65536)
                if not received:
                    return answer
                answer += received
            except TimeoutError:
                try:
                    connection.sendall(drip)
                except ConnectionError:
                    return answer
            except ConnectionError:
                return answer
    raise AssertionError("it was never cut off")


@pytest.mark.parametrize(
    ("beginning", "drip"),
    [("", b""), ("GET /v1/things/1 HTTP/1.1\r\nX-Slow: ", b"x"), (GET, b"X-Another: line\r\n")],
    ids=["nothing is said", "a line that does not end", "a header that does not end"],
)
def test_a_connection_that_brings_no_whole_header_is_cut(server: str, beginning: str, drip: bytes) -> None:
    """(M-3)"""
    assert dripped(server, beginning, drip) == b""


def test_an_idle_connection_is_cut_after_its_answer_and_so_is_one_whose_next_header_drips(
    server: str,
) -> None:
    """(M-3)"""
    for drip in (b"", b"x"):
        answer = dripped(server, GET + "\r\n", drip)
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.count(b"HTTP/1.1") == 1


def test_a_body_that_does_not_end_in_time_is_a_408(server: str) -> None:
    """(M-3) The server waits for each next byte; the gateway for the whole."""
    answer = dripped(server, POST, b" ")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code":"request-timeout"' in answer


def test_a_request_line_in_absolute_form_is_taken(server: str) -> None:
    """(M-24) RFC 9112, section 3.2.2."""
    for target, status in (
        ("http://kehu.example.com/v1/things/1", b"200"),
        ("HTTP://[::1]:8080/v1/nothing?a=b", b"404"),
        ("http://kehu.example.com", b"404"),
        ("gopher://kehu.example.com/v1/things/1", b"404"),
    ):
        answer = dripped(server, GET.replace("/v1/things/1", target) + "\r\n", b"")
        assert answer.startswith(b"HTTP/1.1 " + status), target


def test_a_list_of_two_hundred_ids_fits_into_a_request_line(server: str, services: FakeServices) -> None:
    """(K-3) Also where a client percent-encodes the commas."""
    services.on("echo.list_things", {"items": [], "next": None})
    ids = "%2C".join(str(uuid4()) for _ in range(200))
    answer = httpx2.get(f"{server}/v1/things?filter%5Bid%5D%5Bin%5D={ids}&limit=200", headers=bearer())
    assert answer.status_code == 200
    assert len(services.seen("echo.list_things")[0].kwargs["query"]["filter[id][in]"].split(",")) == 200


END = b"Host: crm.example.com\r\nConnection: close\r\n\r\n"
REFUSED = {
    "no request line": (b"HELLO\r\n\r\n", 400, "malformed-request"),
    "two lengths": (
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + END,
        400,
        "malformed-request",
    ),
    "a long address": (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\n" + END, 414, "uri-too-long"),
    "a long header": (b"GET / HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n" + END, 431, "headers-too-large"),
    "many headers": (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 120 + END, 431, "headers-too-large"),
    "a coding": (b"POST / HTTP/1.1\r\nTransfer-Encoding: br\r\n" + END, 501, "not-implemented"),
}


def test_what_the_server_refuses_by_itself_is_a_problem_document(
    server: str,
) -> None:
    """(K-4): gunicorn answered 414, 431 and 400 in plain text."""
    host, port = server.removeprefix("http://").split(":")
    for name, (request, status, code) in REFUSED.items():
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda c=connection: c.recv(65_536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ".encode()), (name, answer)
        assert b"Content-Type: application/problem+json" in head, name
        problem = json.loads(body)
        assert (problem["status"], problem["code"]) == (status, code), name
        assert f"X-Correlation-ID: {problem['correlation_id']}".encode() in head


def test_both_workers_count_into_one_quota(server: str) -> None:
    """(K-4): what RateLimit says of the first worker's request counts at the second."""
    token = a_token(sub=str(uuid4()), sid=str(uuid4()))

    def remaining(_number: int) -> int:
        told = httpx2.get(f"{server}/v1/things/1", headers=bearer(token)).headers["ratelimit"]
        return int(told.split("r=")[1].split(";")[0])

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(remaining, range(40)))
    assert told[-1] == 5999 and told[0] <= 5999 - 30
