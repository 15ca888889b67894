"""Settings reach the pods that read them, and secrets are files that nobody commits."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.deploy.kit import kit
from tests.deploy.manifests import (
    ROOT,
    Manifest,
    containers,
    is_ours,
    named,
    of_kind,
    pod_of,
    rendered,
    services,
    settings_of,
    workloads,
)

SERVICES = services()


def test_no_secret_is_an_environment_variable(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        for container in containers(workload):
            assert not any("secretRef" in source for source in container.get("envFrom", []))
            assert not any(
                "secretKeyRef" in variable.get("valueFrom", {}) for variable in container.get("env", [])
            )
    for config in of_kind(manifests, "ConfigMap"):
        assert not {"AMQP_URL", "DATABASE_URL"} & set(config["data"])


def test_no_secret_is_in_the_repository(manifests: list[Manifest]) -> None:
    assert of_kind(manifests, "Secret") == []


def test_secrets_are_read_only_files_named_like_their_setting(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        spec = pod_of(workload)["spec"]
        sources = next(v for v in spec["volumes"] if v["name"] == "secrets")["projected"]["sources"]
        files = {item["path"] for source in sources for item in source["secret"]["items"]}
        wanted = {"AMQP_URL", "broker-ca.crt"}
        if workload["metadata"]["name"] != "gateway":
            wanted |= {"DATABASE_URL", "database-ca.crt"}
        if workload["kind"] == "Deployment" and workload["metadata"]["name"] != "gateway":
            wanted |= {"CALLER_KEYS"}
        if workload["metadata"]["name"] == "identity-service":  # Nobody else can sign a caller (M-5).
            wanted |= {"CALLER_SIGNING_KEY"}
        if workload["metadata"]["name"].startswith("identity-"):
            wanted |= {"identity_admin_password", "encryption_keys"}
        assert files == wanted
        for container in filter(is_ours, containers(workload)):
            mount = next(m for m in container["volumeMounts"] if m["name"] == "secrets")
            assert mount == {"name": "secrets", "mountPath": "/run/secrets/kehu", "readOnly": True}


def test_the_secrets_that_manifests_refer_to_are_those_the_page_tells_to_make() -> None:
    """(M-5, M-11) By name and key, both ways: a pod waits for ever for a file that nobody was told of."""
    manifests = rendered("prod")
    made = {
        f"{cluster['metadata']['name']}-{secret}"
        for cluster in of_kind(manifests, "Cluster")
        for secret in ("app", "ca")
    }
    wanted = {(name, key) for manifest in manifests for name, key in _secrets_in(manifest)}
    assert {name for name, _ in wanted if name in made} == made
    described = _secrets_of_the_page()
    assert {(name, key) for name, key in wanted if name not in made} == described
    assert {name for name, _ in _secrets_in(rendered("dev"))} == {
        name for name, _ in wanted if name != "backup-store"
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_the_secrets_of_its_own_name(service: str, manifests: list[Manifest]) -> None:
    """The transformer of names replaces what stands before a hyphen, and must leave shared secrets alone."""
    for kind, name in (("Deployment", "service"), ("Job", "migrate")):
        mounted = {secret for secret, _ in _secrets_in(named(manifests, kind, f"{service}-{name}"))}
        wanted = {f"{service}-broker", f"{service}-database-app", f"{service}-database-ca", "broker-tls"}
        wanted |= {"caller-keys"} if kind == "Deployment" else set()
        wanted |= {"identity-secrets"} if service == "identity" else set()
        assert mounted == wanted
    assert {secret for secret, _ in _secrets_in(named(manifests, "Deployment", "gateway"))} == {
        "gateway-broker",
        "broker-tls",
    }


WHOLE = {
    "importCredentialsSecret": ("username", "password"),
    "secretName": ("tls.crt", "tls.key"),
    "caSecretName": ("ca.crt",),
}
"""What is read of a secret where a reference names no key: by the broker's operators, and by whoever serves TLS."""


def _secrets_in(part: Any) -> Iterator[tuple[str, str]]:
    """Find each reference to a secret, as its name and a key that is read of it."""
    if isinstance(part, list):
        for item in part:
            yield from _secrets_in(item)
    if not isinstance(part, dict):
        return
    for field, value in part.items():
        if field in WHOLE:
            name = value if isinstance(value, str) else value["name"]
            yield from ((name, key) for key in WHOLE[field])
        elif field == "secret":  # A volume, projected or not.
            name = value.get("name") or value["secretName"]
            yield from ((name, item["key"]) for item in value["items"])
        elif field in {"s3Credentials", "secretTargetRef"}:
            references = value.values() if isinstance(value, dict) else value
            yield from ((reference["name"], reference["key"]) for reference in references)
        elif field in {"secretKeyRef", "secretRef", "imagePullSecrets"}:
            raise AssertionError(f"{field} is not known here")
        else:
            yield from _secrets_in(value)


def _secrets_of_the_page() -> set[tuple[str, str]]:
    """Read names and keys from the table of secrets in docs/operating.md."""
    page = (ROOT / "docs" / "operating.md").read_text()
    rows = page.partition("| secret | keys | for |\n|---|---|---|\n")[2].partition("\n\n")[0].splitlines()
    found: set[tuple[str, str]] = set()
    for row in rows:
        _, names, keys, *_ = row.split("|")
        for name in re.findall(r"`([^`]+)`", names):
            each = SERVICES if name.startswith("<service>") else [""]
            of_services = re.findall(r"for a service `([^`]+)`", keys)
            for key in re.findall(r"`([^`]+)`", keys):
                if key not in of_services or each == SERVICES:
                    found |= {(name.replace("<service>", service), key) for service in each}
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_changed_setting_rolls_the_pods_of_its_service(service: str) -> None:
    manifests = rendered("prod")
    deployment = named(manifests, "Deployment", f"{service}-service")
    names = {c["envFrom"][0]["configMapRef"]["name"] for c in containers(deployment)}
    assert len(names) == 1
    assert re.fullmatch(rf"{service}-settings-[a-z0-9]{{10}}", names.pop())


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_database_is_the_one_its_settings_name(service: str) -> None:
    manifests = rendered("prod")
    name = settings_of(manifests, f"{service}-settings")["DATABASE_NAME"]
    assert name == kit()["services"][service]["database"]
    assert (
        named(manifests, "Cluster", f"{service}-database")["spec"]["bootstrap"]["initdb"]["database"] == name
    )


def test_every_setting_of_a_service_is_one_the_kit_or_identity_reads(manifests: list[Manifest]) -> None:
    source = (ROOT / "services" / "identity" / "identity" / "signin" / "settings.py").read_text()
    known = set(kit()["settings"]) | set(re.findall(r"^    (\w+): ", source, re.MULTILINE))
    for service in SERVICES:
        names = {name.lower() for name in settings_of(manifests, f"{service}-settings")}
        assert names - {"service", "kehu_secrets_dir", "pgsslmode", "pgsslrootcert"} <= known


def test_every_setting_of_the_gateway_is_one_it_reads(manifests: list[Manifest]) -> None:
    source = (ROOT / "gateway" / "gateway" / "settings.py").read_text()
    known = set(re.findall(r'alias="(\w+)"', source))
    known |= {f"GATEWAY_{name.upper()}" for name in re.findall(r"^    (\w+): ", source, re.MULTILINE)}
    assert (
        set(settings_of(manifests, "gateway-settings")) - {"KEHU_SECRETS_DIR", "PROMETHEUS_MULTIPROC_DIR"}
        <= known
    )


def test_the_health_port_can_be_reached_from_outside_the_pod(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        settings = settings_of(manifests, f"{service}-settings")
        port = pod_of(named(manifests, "Deployment", f"{service}-service"))["spec"]["containers"][0]["ports"][
            0
        ]
        assert settings["HEALTH_BIND"] == "0.0.0.0"
        assert int(settings["HEALTH_PORT"]) == port["containerPort"]
