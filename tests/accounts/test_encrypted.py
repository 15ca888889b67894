"""Broker and database by TLS, with certificates made here: a service and the gateway speak so, and verify (M-5)."""

import asyncio
import datetime
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.bus import Bus
from gateway.settings import Settings
from stack.infrastructure import side_by_side, stop_leftovers
from stack.places import ROOT, Place
from stack.platform import answers, python
from stack.ports import choose
from stack.postgres import Postgres
from stack.rabbitmq import RabbitMQ
from stack.servers import ensure_servers

PLACE = Place(ROOT / ".local" / "encrypted")


class Issuer(NamedTuple):
    """Who signs certificates, and the file that says whom to believe."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path


def an_issuer(folder: Path, name: str) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certified(key, name, name, key, authority=True)
    file = folder / f"{name}.crt"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Issuer(key, certificate, file)


def certified(
    key: ec.EllipticCurvePrivateKey,
    name: str,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    """Return a certificate for 127.0.0.1, good for a day."""
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(by, hashes.SHA256())
    )


def a_server(folder: Path, issuer: Issuer) -> tuple[Path, Path]:
    """Write certificate and key of a server."""
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certified(key, "server", "issuer", issuer.key, authority=False)
    (folder / "server.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.key").write_bytes(private)
    (folder / "server.key").chmod(0o600)
    return folder / "server.crt", folder / "server.key"


class EncryptedRabbitMQ(RabbitMQ):
    """One that also listens for TLS."""

    issuer: Issuer
    tls_port: int

    def _prepare_home(self) -> None:
        super()._prepare_home()
        certificate, key = a_server(self.home, self.issuer)
        with (self.home / "rabbitmq.conf").open("a") as file:
            file.write(f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}\n")
            file.write(f"ssl_options.cacertfile = {self.issuer.file}\n")
            file.write(f"ssl_options.certfile = {certificate}\nssl_options.keyfile = {key}\n")


class EncryptedPostgres(Postgres):
    """One that speaks TLS when it is asked to."""

    issuer: Issuer

    def _initialise(self) -> None:
        super()._initialise()
        files = a_server(self.data, self.issuer)
        for file in files:
            if self.account:
                os.chown(file, self.account["user"], self.account["group"])
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write("ssl = on\n")


class Servers(NamedTuple):
    """What a service is told."""

    environment: dict[str, str]
    stranger: Path
    """The file of an issuer who has signed neither server's certificate."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("issuers")
    issuer, stranger = an_issuer(folder, "issuer"), an_issuer(folder, "stranger")
    stop_leftovers(PLACE)
    for name in ("rabbitmq", "postgres"):
        shutil.rmtree((PLACE.directory / name).resolve(), ignore_errors=True)
    ensure_servers(postgres=True, rabbitmq=True)
    ports = choose(PLACE, ["rabbitmq", "rabbitmq-distribution", "epmd", "rabbitmq-tls", "postgres"])
    broker = EncryptedRabbitMQ(PLACE, ports["rabbitmq"], ports["rabbitmq-distribution"], ports["epmd"])
    broker.issuer, broker.tls_port = issuer, ports["rabbitmq-tls"]
    database = EncryptedPostgres(PLACE, ports["postgres"], for_tests=True)
    database.issuer = issuer
    keys = subprocess.run(
        [python(), "-W", "ignore", "-m", "servicekit", "caller-key"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    try:
        side_by_side([broker.start, database.start])
        encrypted = broker.url_of("contract").replace("amqp://", "amqps://")
        yield Servers(
            {
                **os.environ,
                "AMQP_URL": encrypted.replace(f":{broker.port}/", f":{broker.tls_port}/"),
                "AMQP_CA_FILE": str(issuer.file),
                "DATABASE_URL": database.url,
                "DATABASE_NAME": "postgres",
                "PGSSLMODE": "verify-full",
                "PGSSLROOTCERT": str(issuer.file),
                "CALLER_KEYS": keys[1],
                "GATEWAY_AMQP_URL": broker.url_of("gateway")
                .replace("amqp://", "amqps://")
                .replace(f":{broker.port}/", f":{broker.tls_port}/"),
            },
            stranger.file,
        )
    finally:
        database.stop()
        broker.stop()
        stop_leftovers(PLACE)


def command(*words: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "servicekit", *words]


def test_a_service_and_the_gateway_meet_by_verified_connections(servers: Servers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    environment = {**servers.environment, "HEALTH_PORT": port}
    migrated = subprocess.run(
        command("migrate", "contract"), env=environment, capture_output=True, text=True, check=False
    )
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    running = subprocess.Popen(command("run", "contract"), env=environment)
    try:
        until = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            assert running.poll() is None and time.monotonic() < until
            time.sleep(0.1)
        answer = asyncio.run(ask(environment["GATEWAY_AMQP_URL"], environment["AMQP_CA_FILE"]))
        assert answer == {"service": "contract", "status": "ok"}
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            assert page.status == 200
    finally:
        running.terminate()
        running.wait(60)


async def ask(url: str, issuer: str) -> Any:
    """Ask for the service's health as the gateway does; None where there is no connection."""
    bus = Bus(Settings(amqp_url=url, amqp_ca_file=issuer), ["contract"])
    await bus.start(patience=5)
    try:
        return (await bus.call("contract", "describe_health", {})).result if bus.connected else None
    finally:
        await bus.stop()


@pytest.mark.parametrize("why", ["certified by a stranger", "certified under another name"])
def test_a_broker_that_is_not_the_one_meant_is_not_spoken_to(servers: Servers, why: str) -> None:
    environment, url = dict(servers.environment), servers.environment["GATEWAY_AMQP_URL"]
    if why == "certified by a stranger":
        environment["AMQP_CA_FILE"] = str(servers.stranger)
    else:
        environment["AMQP_URL"] = environment["AMQP_URL"].replace("127.0.0.1", "localhost")
        url = url.replace("127.0.0.1", "localhost")
    told = subprocess.run(
        command("topology", "contract"), env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0 and "broker-unavailable" in told.stderr
    assert asyncio.run(ask(url, environment["AMQP_CA_FILE"])) is None


def test_a_database_that_a_stranger_has_certified_is_not_spoken_to(servers: Servers) -> None:
    environment = {**servers.environment, "PGSSLROOTCERT": str(servers.stranger)}
    told = subprocess.run(
        command("migrate", "contract"), env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0 and "certificate verify failed" in told.stdout + told.stderr
