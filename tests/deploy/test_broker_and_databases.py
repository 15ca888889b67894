"""What each account may do on the broker, and what production survives."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.deploy.kit import kit
from tests.deploy.manifests import (
    K8S,
    ROOT,
    Manifest,
    _render,
    label,
    named,
    of_kind,
    pod_of,
    rendered,
    selects,
    services,
    settings_of,
)

SERVICES = services()
PATHS = [str(ROOT / "libs/servicekit"), *(str(ROOT / "services" / name) for name in SERVICES)]


def _rights(manifests: list[Manifest], account: str) -> dict[str, str]:
    permission = named(manifests, "Permission", account)["spec"]
    assert permission["userReference"]["name"] == account
    assert permission["vhost"] == named(manifests, "Vhost", "kehu")["spec"]["name"]
    rights: dict[str, str] = permission["permissions"]
    return rights


def _may(rights: dict[str, str], right: str, name: str) -> bool:
    """RabbitMQ searches for the pattern anywhere in the name; an empty one it takes to match nothing."""
    return bool(rights[right] and re.search(rights[right], name))


def test_the_rights_of_the_manifests_and_of_the_local_broker_are_those_of_the_code() -> None:
    """What they keep out is tried on a real broker in tests/accounts (M-5)."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "deploy/broker/write.py"), "--check"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_pods_of_the_version_before_work_on_while_an_overlay_names_before_accounts(tmp_path: Path) -> None:
    """They write to nameko-rpc and to the default exchange (M-5)."""
    overlay = os.path.relpath(K8S / "overlays/prod", tmp_path)
    component = os.path.relpath(K8S / "components/before-accounts", tmp_path)
    (tmp_path / "kustomization.yaml").write_text(
        f"kind: Kustomization\nresources: [{overlay}]\ncomponents: [{component}]\n"
    )
    manifests = list(yaml.safe_load_all(_render(tmp_path)))
    for name in (*SERVICES, "gateway"):
        rights = _rights(manifests, f"{name}-broker")
        assert all(_may(rights, "write", exchange) for exchange in ("nameko-rpc", "amq.default"))
    for name in ("feed-reader", "operator-broker"):
        assert _rights(manifests, name) == _rights(rendered("prod"), name)


def test_every_account_has_a_user_and_every_user_rights(manifests: list[Manifest]) -> None:
    users = {user["metadata"]["name"] for user in of_kind(manifests, "User")}
    for kind in ("Permission", "TopicPermission"):
        named_by = {each["spec"]["userReference"]["name"] for each in of_kind(manifests, kind)}
        assert named_by <= users
    assert {each["spec"]["userReference"]["name"] for each in of_kind(manifests, "Permission")} == users


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_declare_and_use_its_own_part_of_the_broker(service: str) -> None:
    rights = _rights(rendered("prod"), f"{service}-broker")
    own = kit()["services"][service]
    for name in (own["rpc"], own["inbox"], *own["retry"]):
        assert all(_may(rights, right, name) for right in ("configure", "write", "read")), name
    assert all(_may(rights, right, own["presence"]) for right in ("configure", "write"))
    assert _may(rights, "write", own["events"]) and not _may(rights, "configure", own["events"])


def test_what_belongs_to_nobody_is_made_with_the_accounts(manifests: list[Manifest]) -> None:
    exchanges = {each["spec"]["name"] for each in of_kind(manifests, "Exchange")}
    assert exchanges >= {kit()["requests"], *(own["events"] for own in kit()["services"].values())}
    assert [each["spec"]["name"] for each in of_kind(manifests, "Queue")] == [kit()["feed"]]
    bound = {(each["spec"]["source"], each["spec"]["destination"]) for each in of_kind(manifests, "Binding")}
    services = kit()["services"].values()
    everybody = {(own[kind], kit()["everybody"]) for own in services for kind in ("events", "direct")}
    assert bound == everybody | {(own["events"], kit()["feed"]) for own in services}


def test_the_gateway_may_use_the_queues_it_makes(manifests: list[Manifest]) -> None:
    """The names are read from its source: importing it would bring a web framework into a test of files."""
    rights = _rights(manifests, "gateway-broker")
    source = (ROOT / "gateway" / "gateway" / "link.py").read_text()
    queues = re.findall(r'declare_queue\(\s*f?"([^"{]+)', source)
    assert queues
    for queue in queues:
        assert all(_may(rights, right, f"{queue}0") for right in ("configure", "write", "read")), queue
    for names in kit()["services"].values():
        assert _may(rights, "read", names["events"])


def test_the_feed_reader_reads_the_stream_and_nothing_else(manifests: list[Manifest]) -> None:
    rights = _rights(manifests, "feed-reader")
    feed = kit()["feed"]
    assert _may(rights, "read", feed)
    others = [kit()["requests"], "amq.default"]
    others += [
        name for own in kit()["services"].values() for name in (own["events"], own["inbox"], own["rpc"])
    ]
    assert not any(_may(rights, "read", name) for name in others)
    assert not any(_may(rights, right, name) for right in ("configure", "write") for name in (feed, *others))


def test_production_survives_the_loss_of_a_broker_node_or_a_database() -> None:
    manifests = rendered("prod")
    assert named(manifests, "RabbitmqCluster", "broker")["spec"]["replicas"] == 3
    assert {cluster["spec"]["instances"] for cluster in of_kind(manifests, "Cluster")} == {3}


def test_what_was_told_to_be_saved_survives_the_loss_of_a_database_instance() -> None:
    """(M-34)"""
    for cluster in of_kind(rendered("prod"), "Cluster"):
        synchronous = cluster["spec"]["postgresql"]["synchronous"]
        assert synchronous["number"] >= 1 and synchronous["dataDurability"] == "required"
        # One may be away, and commits still find another that is not the one that writes.
        assert synchronous["number"] < cluster["spec"]["instances"] - 1


def test_a_single_instance_waits_for_no_other() -> None:
    """The operator refuses more synchronous instances than there are others."""
    for cluster in of_kind(rendered("dev"), "Cluster"):
        assert cluster["spec"]["instances"] == 1 and "synchronous" not in cluster["spec"]["postgresql"]


def test_the_broker_keeps_its_majority_when_a_node_is_drained_or_a_zone_fails(
    manifests: list[Manifest],
) -> None:
    """(M-34)"""
    labels = {"app.kubernetes.io/name": "broker"}
    budget = named(manifests, "PodDisruptionBudget", "broker")["spec"]
    assert budget["maxUnavailable"] == 1 and selects(budget["selector"], labels)
    cluster = named(manifests, "RabbitmqCluster", "broker")["spec"]
    pod = cluster["override"]["statefulSet"]["spec"]["template"]["spec"]
    zones = [each for each in pod["topologySpreadConstraints"] if selects(each["labelSelector"], labels)]
    assert [(each["topologyKey"], each["maxSkew"]) for each in zones] == [("topology.kubernetes.io/zone", 1)]
    assert cluster["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]


def test_every_connection_to_broker_and_database_is_encrypted_and_verified(manifests: list[Manifest]) -> None:
    """(M-5)"""
    assert named(manifests, "RabbitmqCluster", "broker")["spec"]["tls"]["secretName"] == "broker-tls"
    opened = {
        port["port"]
        for policy in of_kind(manifests, "NetworkPolicy")
        for rule in (*policy["spec"].get("ingress", []), *policy["spec"].get("egress", []))
        for port in rule["ports"]
    }
    assert 5671 in opened and 5672 not in opened
    for name in (*SERVICES, "gateway"):
        assert settings_of(manifests, f"{name}-settings")["AMQP_CA_FILE"] == "/run/secrets/kehu/broker-ca.crt"
    for name in SERVICES:
        settings = settings_of(manifests, f"{name}-settings")
        assert settings["PGSSLMODE"] == "verify-full"
        assert settings["PGSSLROOTCERT"] == "/run/secrets/kehu/database-ca.crt"


def test_every_production_database_is_backed_up_to_a_store_that_exists() -> None:
    manifests = rendered("prod")
    saved = {backup["spec"]["cluster"]["name"] for backup in of_kind(manifests, "ScheduledBackup")}
    assert saved == {cluster["metadata"]["name"] for cluster in of_kind(manifests, "Cluster")}
    stores = {store["metadata"]["name"] for store in of_kind(manifests, "ObjectStore")}
    for cluster in of_kind(manifests, "Cluster"):
        (plugin,) = cluster["spec"]["plugins"]
        assert plugin["isWALArchiver"] is True
        assert plugin["parameters"]["barmanObjectName"] in stores


def test_every_deployment_is_scraped_under_its_own_name(manifests: list[Manifest]) -> None:
    monitors = of_kind(manifests, "PodMonitor")
    for deployment in of_kind(manifests, "Deployment"):
        pod = pod_of(deployment)
        mine = [m["spec"] for m in monitors if selects(m["spec"]["selector"], pod["metadata"]["labels"])]
        assert len(mine) == 1, label(deployment)
        (endpoint,) = mine[0]["podMetricsEndpoints"]
        assert endpoint["path"] == "/metrics"
        assert endpoint["port"] in {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
        labels = {rule["targetLabel"]: rule["replacement"] for rule in endpoint["relabelings"]}
        assert labels == {"platform": "kehu", "job": pod["metadata"]["labels"]["app.kubernetes.io/name"]}
