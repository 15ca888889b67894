"""Settings reach the pods that read them, and secrets are files that nobody commits."""

import re

import pytest
import yaml
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


def test_every_secret_a_person_has_to_make_is_described(manifests: list[Manifest]) -> None:
    """CloudNativePG makes those that end in -app; the certificate comes from whoever runs the ingress."""
    text = yaml.safe_dump_all(manifests)
    accounts = {m["spec"]["importCredentialsSecret"]["name"] for m in of_kind(manifests, "User")}
    assert accounts == {f"{name}-broker" for name in (*SERVICES, "gateway", "operator")} | {"feed-reader"}
    page = (ROOT / "docs" / "operating.md").read_text()
    for name in (
        "feed-reader",
        "operator-broker",
        "broker-tls",
        "gateway-tls",
        "identity-secrets",
        *(["backup-store"] if "backup-store" in text else []),
    ):
        assert f"`{name}`" in page
    assert "`<service>-broker`" in page


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


def test_every_setting_of_a_service_is_one_the_kit_reads(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        names = {name.lower() for name in settings_of(manifests, f"{service}-settings")}
        assert names - {"service", "kehu_secrets_dir", "pgsslmode", "pgsslrootcert"} <= set(kit()["settings"])


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
