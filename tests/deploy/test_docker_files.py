"""The Dockerfile and compose.yaml, read as text: no engine runs where these tests do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack import compose
from stack.places import ROOT, SERVICES

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
KEHU = (*SERVICES, "gateway")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(index for index, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def test_the_dockerfile_has_only_known_instructions() -> None:
    known = {"ARG", "FROM", "COPY", "RUN", "ENV", "USER", "EXPOSE", "WORKDIR", "CMD"}
    assert {word for word, _ in instructions()} <= known


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert [value for word, value in last_stage() if word == "USER"] == ["10001:10001"]


def test_packages_are_installed_from_the_locks_with_hashes() -> None:
    installs = [value for word, value in instructions() if word == "RUN" and "pip install" in value]
    assert [re.findall(r"\S+\.lock", value) for value in installs] == [
        ["/build/requirements.lock"],
        ["/build/requirements-console.lock"],
    ]
    for value in installs:
        assert "--require-hashes" in value
        assert "--no-deps" in value


def test_the_console_is_built_as_make_up_builds_it_and_is_in_the_gateways_image() -> None:
    """(W-1)"""
    text = (ROOT / "Dockerfile").read_text()
    assert "npm-cli.js ci --omit=dev" in text
    for step in ("-m gateway openapi)", "node scripts/api.mjs ", "vite.js build --outDir /console"):
        assert step in text
    assert "gateway) cp -r /all/gateway /all/console /app/ ;;" in text
    (settings,) = [value for word, value in last_stage() if word == "ENV"]
    assert "GATEWAY_CONSOLE_DIR=/app/console" in settings.split()


def test_what_a_checkout_has_built_does_not_get_into_an_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"console/node_modules", "console/src/api/generated"} <= {*left_out}


def test_what_is_copied_exists_and_is_let_through_to_the_engine() -> None:
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for word, value in instructions():
        if word == "COPY" and "--from" not in value:
            for source in value.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source.split("/")[0] in allowed, source


LOCKS = [f"requirements{what}.lock" for what in ("", "-dev", "-conformance", "-console")]


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", *LOCKS])
def test_no_registry_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    named = re.findall(
        r"https?://(?!127\.0\.0\.1)\S+|--(?:extra-)?index-url|--find-links|\b\w+\.(?:io|com|org)/", text
    )
    assert named == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pinned_package_has_a_hash_and_nothing_else_is_in_the_lock(name: str) -> None:
    packages = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text()).splitlines()[1:]
    for line in packages:
        assert re.fullmatch(r"[a-z0-9.-]+==\S+( ; [^;]+?)?\s+(--hash=sha256:[0-9a-f]{64}\s*)+", line), line[
            :100
        ]


def test_every_npm_package_is_pinned_by_its_content_and_no_registry_is_named() -> None:
    packages = json.loads((ROOT / "tests/conformance/node/package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_compose_has_every_part_of_the_platform() -> None:
    assert set(COMPOSE["services"]) == {*KEHU, "postgres", "rabbitmq", "proxy"}
    for name in KEHU:
        assert COMPOSE["services"][name]["build"] == {"context": ".", "args": {"SERVICE": name}}


def test_compose_makes_a_database_for_each_service() -> None:
    made = re.findall(r"CREATE DATABASE (\w+);", COMPOSE["configs"]["databases"]["content"])
    assert made == [f"kehu_{name.replace('-', '_')}" for name in SERVICES]


def test_no_password_is_written_down_or_has_a_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    accounts = (f"KEHU_BROKER_PASSWORD_{name.upper().replace('-', '_')}" for name in (*KEHU, "operator"))
    for name in ("KEHU_DATABASE_PASSWORD", *accounts):
        uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
        assert uses and all(use.startswith(":?") for use in uses), name


def test_each_container_has_its_own_account_on_the_broker_and_that_account_its_rights() -> None:
    """(M-5)"""
    for name in KEHU:
        assert COMPOSE["services"][name]["environment"]["AMQP_URL"].startswith(f"amqp://{name}:$")
    made = {each["name"] for each in json.loads(COMPOSE["configs"]["broker-accounts"]["content"])["users"]}
    rights = json.loads((ROOT / COMPOSE["configs"]["broker-rights"]["file"]).read_text())
    assert made == {each["user"] for each in rights["permissions"]} == {*KEHU, "operator"}


def test_compose_env_writes_every_password_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "ENVIRONMENT", tmp_path / ".env")
    compose.compose_environment()
    written = (tmp_path / ".env").read_text()
    names = [line.partition("=")[0] for line in written.splitlines()]
    required = set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text()))
    assert required | {each["environment"] for each in COMPOSE["secrets"].values()} == set(names)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    compose.compose_environment()
    assert (tmp_path / ".env").read_text() == written


def test_what_only_identity_may_know_is_in_no_environment() -> None:
    """M-11: files of its own, filled from the caller's environment, which compose refuses to go without."""
    assert COMPOSE["secrets"] == {
        "admin_password": {"environment": "KEHU_ADMIN_PASSWORD"},
        "encryption_keys": {"environment": "KEHU_ENCRYPTION_KEYS"},
        "caller_signing_key": {"environment": "KEHU_CALLER_SIGNING_KEY"},
    }
    for name, container in COMPOSE["services"].items():
        assert ("secrets" in container) == (name == "identity")
        assert not {"IDENTITY_ADMIN_PASSWORD", "ENCRYPTION_KEYS", "CALLER_SIGNING_KEY"} & set(
            container.get("environment", {})
        )


@pytest.mark.parametrize("name", [*KEHU, "proxy"])
def test_containers_are_confined(name: str) -> None:
    container = COMPOSE["services"][name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["healthcheck"]["test"]


def test_only_the_proxy_is_reachable_and_from_this_machine_only() -> None:
    published = {name: entry["ports"] for name, entry in COMPOSE["services"].items() if "ports" in entry}
    assert set(published) == {"proxy"}
    assert all(port.startswith("127.0.0.1:") for port in published["proxy"])


def test_the_proxy_of_compose_is_the_one_of_kubernetes() -> None:
    """(M-3)"""
    assert COMPOSE["configs"]["proxy"] == {"file": "deploy/k8s/gateway/proxy.conf"}
    proxy = COMPOSE["services"]["proxy"]
    assert proxy["configs"] == [{"source": "proxy", "target": "/etc/kehu/proxy.conf"}]
    assert proxy["entrypoint"][:3] == ["nginx", "-c", "/etc/kehu/proxy.conf"]
    assert COMPOSE["services"]["gateway"]["environment"]["KEHU_PORT"] == 8081
