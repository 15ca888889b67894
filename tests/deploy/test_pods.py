"""What a pod may do, and how it starts, is watched and ends."""

from tests.deploy.kit import kit
from tests.deploy.manifests import (
    Manifest,
    containers,
    label,
    named,
    of_kind,
    pod_of,
    selects,
    settings_of,
    workloads,
)


def test_every_deployment_has_three_probes_on_named_ports(manifests: list[Manifest]) -> None:
    for deployment in of_kind(manifests, "Deployment"):
        for container in pod_of(deployment)["spec"]["containers"]:
            ports = {port["name"] for port in container["ports"]}
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                assert container[probe]["httpGet"]["port"] in ports, f"{label(deployment)} {probe}"


def test_liveness_does_not_ask_whether_others_are_well(manifests: list[Manifest]) -> None:
    for deployment in of_kind(manifests, "Deployment"):
        for container in pod_of(deployment)["spec"]["containers"]:
            assert (
                container["livenessProbe"]["httpGet"]["path"]
                != container["readinessProbe"]["httpGet"]["path"]
            )


def test_pods_are_restricted(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        spec = pod_of(workload)["spec"]
        assert spec["automountServiceAccountToken"] is False, label(workload)
        assert spec["enableServiceLinks"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 10001
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not any(spec.get(field) for field in ("hostNetwork", "hostPID", "hostIPC"))
        assert not any("hostPath" in volume for volume in spec["volumes"])
        for container in containers(workload):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, f"{label(workload)} {container['name']}"


def test_the_namespace_refuses_pods_that_are_not_restricted(manifests: list[Manifest]) -> None:
    labels = of_kind(manifests, "Namespace")[0]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_brokers_pods_fit_into_the_restricted_namespace(manifests: list[Manifest]) -> None:
    spec = named(manifests, "RabbitmqCluster", "broker")["spec"]["override"]["statefulSet"]["spec"][
        "template"
    ]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    for container in (*spec["initContainers"], *spec["containers"]):
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False


def test_a_pod_can_write_to_its_temporary_folders_only(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        empty = {v["name"] for v in pod_of(workload)["spec"]["volumes"] if "emptyDir" in v}
        for container in containers(workload):
            writable = {m["name"] for m in container["volumeMounts"] if not m.get("readOnly")}
            assert writable <= empty
            assert "/tmp" in {m["mountPath"] for m in container["volumeMounts"]}


def test_the_gateways_workers_share_a_folder_for_their_metrics(manifests: list[Manifest]) -> None:
    folder = settings_of(manifests, "gateway-settings")["PROMETHEUS_MULTIPROC_DIR"]
    mounts = pod_of(named(manifests, "Deployment", "gateway"))["spec"]["containers"][0]["volumeMounts"]
    assert folder in {mount["mountPath"] for mount in mounts}


def test_memory_is_limited_and_cpu_asked_for(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        for container in containers(workload):
            resources = container["resources"]
            assert {"cpu", "memory"} <= set(resources["requests"])
            assert "memory" in resources["limits"]
            assert ("cpu" in resources["limits"]) == (container["name"] != "gateway")


def test_every_container_waits_before_it_ends(manifests: list[Manifest]) -> None:
    for deployment in of_kind(manifests, "Deployment"):
        for container in pod_of(deployment)["spec"]["containers"]:
            assert container["lifecycle"]["preStop"] == {"sleep": {"seconds": 5}}


def test_a_pod_has_time_to_finish_what_it_began(manifests: list[Manifest]) -> None:
    for deployment in of_kind(manifests, "Deployment"):
        spec = pod_of(deployment)["spec"]
        pause = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert pause == 5
        assert spec["terminationGracePeriodSeconds"] == 45 > pause + 2 * kit()["timeout"]


def test_a_rolling_update_takes_nothing_away_before_it_adds(manifests: list[Manifest]) -> None:
    for deployment in of_kind(manifests, "Deployment"):
        assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_replicas_spread_over_zones_and_nodes(manifests: list[Manifest]) -> None:
    for deployment in of_kind(manifests, "Deployment"):
        pod = pod_of(deployment)
        constraints = pod["spec"]["topologySpreadConstraints"]
        assert [c["topologyKey"] for c in constraints] == [
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        ]
        assert all(selects(c["labelSelector"], pod["metadata"]["labels"]) for c in constraints)
