"""Who may reach whom."""

import yaml
from tests.deploy.manifests import Manifest, label, named, of_kind, pod_of, selects, services, workloads

SERVICES = services()


def _policies(manifests: list[Manifest], labels: dict[str, str]) -> list[Manifest]:
    return [
        p["spec"] for p in of_kind(manifests, "NetworkPolicy") if selects(p["spec"]["podSelector"], labels)
    ]


def _may_send(manifests: list[Manifest], sender: dict[str, str], receiver: dict[str, str], port: int) -> bool:
    """Whether the policies of both ends let a connection between two pods of this namespace through."""

    def open_(direction: str, peers: str, mine: dict[str, str], other: dict[str, str]) -> bool:
        return any(
            any(rule_port["port"] == port for rule_port in rule["ports"])
            and (
                peers not in rule
                or any(
                    "podSelector" in peer
                    and "namespaceSelector" not in peer
                    and selects(peer["podSelector"], other)
                    for peer in rule[peers]
                )
            )
            for policy in _policies(manifests, mine)
            for rule in policy.get(direction, [])
        )

    return open_("egress", "to", sender, receiver) and open_("ingress", "from", receiver, sender)


BROKER = {"app.kubernetes.io/name": "broker"}


def _database(service: str) -> dict[str, str]:
    return {"cnpg.io/cluster": f"{service}-database"}


def _pod_labels(manifests: list[Manifest], kind: str, name: str) -> dict[str, str]:
    labels: dict[str, str] = pod_of(named(manifests, kind, name))["metadata"]["labels"]
    return labels


def test_nothing_is_open_that_no_policy_opens(manifests: list[Manifest]) -> None:
    spec = named(manifests, "NetworkPolicy", "default-deny")["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_every_deployment_has_a_network_policy_of_its_own(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        labels = pod_of(workload)["metadata"]["labels"]
        own = [p for p in _policies(manifests, labels) if p["podSelector"].get("matchLabels")]
        assert len(own) == 1, label(workload)
        assert sorted(own[0]["policyTypes"]) == ["Egress", "Ingress"]


def test_a_service_reaches_the_broker_and_its_own_database_and_no_other(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        for kind, name in (("Deployment", f"{service}-service"), ("Job", f"{service}-migrate")):
            pod = _pod_labels(manifests, kind, name)
            assert _may_send(manifests, pod, BROKER, 5671)
            reached = [other for other in SERVICES if _may_send(manifests, pod, _database(other), 5432)]
            assert reached == [service]


def test_the_gateway_reaches_the_broker_and_no_database(manifests: list[Manifest]) -> None:
    gateway = _pod_labels(manifests, "Deployment", "gateway")
    assert _may_send(manifests, gateway, BROKER, 5671)
    assert not any(_may_send(manifests, gateway, _database(service), 5432) for service in SERVICES)


def test_a_database_reaches_its_own_replicas_and_no_other_database(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        reached = [
            other for other in SERVICES if _may_send(manifests, _database(service), _database(other), 5432)
        ]
        assert reached == [service]


def test_only_the_gateway_is_open_to_the_ingress(manifests: list[Manifest]) -> None:
    opened = [
        p["metadata"]["name"]
        for p in of_kind(manifests, "NetworkPolicy")
        if "ingress-nginx" in yaml.safe_dump(p)
    ]
    assert opened == ["gateway"]
    assert [s["metadata"]["name"] for s in of_kind(manifests, "Service")] == ["gateway"]
