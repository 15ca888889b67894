"""What each account may do on the broker, and what production survives."""

import re

import pytest
from tests.deploy.kit import kit
from tests.deploy.manifests import ROOT, Manifest, label, named, of_kind, pod_of, rendered, selects, services

SERVICES = services()


def _rights(manifests: list[Manifest], account: str) -> dict[str, str]:
    permission = named(manifests, "Permission", account)["spec"]
    assert permission["userReference"]["name"] == account
    assert permission["vhost"] == named(manifests, "Vhost", "kehu")["spec"]["name"]
    rights: dict[str, str] = permission["permissions"]
    return rights


def _may(rights: dict[str, str], right: str, name: str) -> bool:
    """RabbitMQ searches for the pattern anywhere in the name; an empty one it takes to match nothing."""
    return bool(rights[right] and re.search(rights[right], name))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_declare_and_use_its_own_part_of_the_broker(service: str) -> None:
    rights = _rights(rendered("prod"), f"{service}-broker")
    own = kit()["services"][service]
    for name in (own["rpc"], own["inbox"], *own["retry"], own["events"], kit()["requests"]):
        assert all(_may(rights, right, name) for right in ("configure", "write", "read")), name
    assert all(_may(rights, right, own["presence"]) for right in ("configure", "write"))
    # It binds its inbox to the others' exchanges, and declares those not yet there.
    for publisher in kit()["services"].values():
        assert _may(rights, "configure", publisher["events"])
        assert _may(rights, "read", publisher["events"])
    assert _may(rights, "configure", kit()["feed"])
    assert _may(rights, "write", kit()["feed"])
    # The default exchange goes by this name in permissions; retry queues are written to and emptied through it.
    assert _may(rights, "write", "amq.default")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_neither_speak_for_another_nor_read_what_is_meant_for_it(service: str) -> None:
    rights = _rights(rendered("prod"), f"{service}-broker")
    for other, names in kit()["services"].items():
        if other == service:
            continue
        assert not _may(rights, "write", names["events"])
        for queue in (names["inbox"], names["rpc"], names["presence"], *names["retry"]):
            assert not any(_may(rights, right, queue) for right in ("configure", "write", "read")), queue


def test_the_gateway_may_use_the_queues_it_makes(manifests: list[Manifest]) -> None:
    """The names are read from its source: importing it would bring a web framework into a test of files."""
    rights = _rights(manifests, "gateway-broker")
    source = (ROOT / "gateway" / "gateway" / "link.py").read_text()
    queues = re.findall(r'declare_queue\(\s*f?"([^"{]+)', source)
    assert queues
    for queue in queues:
        assert all(_may(rights, right, f"{queue}0") for right in ("configure", "write", "read")), queue
    identity = kit()["services"]["identity"]["events"]
    assert _may(rights, "configure", identity)
    assert _may(rights, "read", identity)


def test_the_gateway_publishes_no_event_and_reads_no_services_queue(manifests: list[Manifest]) -> None:
    rights = _rights(manifests, "gateway-broker")
    assert all(_may(rights, right, kit()["requests"]) for right in ("configure", "write", "read"))
    for names in kit()["services"].values():
        assert not _may(rights, "write", names["events"])
        for queue in (names["inbox"], names["rpc"], names["presence"], *names["retry"]):
            assert not any(_may(rights, right, queue) for right in ("configure", "write", "read"))


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
