"""How many replicas there are, and what holds their number."""

from tests.deploy.kit import kit
from tests.deploy.manifests import Manifest, label, named, of_kind, pod_of, selects, services

SERVICES = services()


def test_one_autoscaler_and_no_manifest_owns_the_number_of_replicas(manifests: list[Manifest]) -> None:
    owned = [
        m["spec"]["scaleTargetRef"]["name"]
        for m in of_kind(manifests, "ScaledObject", "HorizontalPodAutoscaler")
    ]
    assert sorted(owned) == sorted(d["metadata"]["name"] for d in of_kind(manifests, "Deployment"))
    assert not any("replicas" in d["spec"] for d in of_kind(manifests, "Deployment"))


def test_a_service_scales_by_cpu_and_by_its_own_inbox(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        cpu, queue = named(manifests, "ScaledObject", f"{service}-service")["spec"]["triggers"]
        assert cpu["type"] == "cpu"
        assert queue["metadata"]["queueName"] == kit()["services"][service]["inbox"]
        authentication = named(manifests, "TriggerAuthentication", queue["authenticationRef"]["name"])
        assert authentication["spec"]["secretTargetRef"][0]["name"] == f"{service}-broker"


def test_production_always_has_two_of_each_and_never_none(manifests: list[Manifest]) -> None:
    least = [m["spec"]["minReplicaCount"] for m in of_kind(manifests, "ScaledObject")]
    least += [m["spec"]["minReplicas"] for m in of_kind(manifests, "HorizontalPodAutoscaler")]
    assert min(least) >= (2 if of_kind(manifests, "Namespace")[0]["metadata"]["name"] == "kehu" else 1)


def test_the_database_has_a_connection_for_every_replica_there_may_be(manifests: list[Manifest]) -> None:
    # Two pools, and a few for the relay, the migration and the operator.
    per_pod = kit()["pool"] + 3
    for service in SERVICES:
        pods = named(manifests, "ScaledObject", f"{service}-service")["spec"]["maxReplicaCount"] + 1
        parameters = named(manifests, "Cluster", f"{service}-database")["spec"]["postgresql"]["parameters"]
        assert pods * per_pod < int(parameters["max_connections"])


def test_every_deployment_has_a_budget_for_disruptions(manifests: list[Manifest]) -> None:
    budgets = of_kind(manifests, "PodDisruptionBudget")
    for deployment in of_kind(manifests, "Deployment"):
        labels = pod_of(deployment)["metadata"]["labels"]
        mine = [b for b in budgets if selects(b["spec"]["selector"], labels)]
        assert [budget["spec"]["maxUnavailable"] for budget in mine] == [1], label(deployment)
