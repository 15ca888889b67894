"""The manifests as kustomize makes them: valid, whole, labelled, of one image; no cluster is needed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from tests.deploy.manifests import (
    K8S,
    Manifest,
    containers,
    faults,
    label,
    named,
    of_kind,
    pod_of,
    rendered,
    rendered_text,
    services,
    settings_of,
    workloads,
)

SERVICES = services()


def test_every_manifest_has_only_fields_that_exist(manifests: list[Manifest]) -> None:
    assert list(faults(manifests)) == []


def _pod_spec(manifests: list[Manifest]) -> Any:
    return pod_of(named(manifests, "Deployment", "contract-service"))["spec"]


def _rename(where: Any, old: str, new: str) -> None:
    where[new] = where.pop(old)


MUTANTS: dict[str, Callable[[list[Manifest]], None]] = {
    "a misspelt security setting": lambda all_: _rename(
        _pod_spec(all_)["containers"][0]["securityContext"], "readOnlyRootFilesystem", "readOnlyRootFS"
    ),
    "a misspelt probe": lambda all_: _rename(
        _pod_spec(all_)["containers"][0], "livenessProbe", "livelinessProbe"
    ),
    "a number written as text": lambda all_: named(all_, "HorizontalPodAutoscaler", "gateway")["spec"].update(
        minReplicas="2"
    ),
    "a field of another autoscaler": lambda all_: _rename(
        named(all_, "ScaledObject", "contract-service")["spec"], "minReplicaCount", "minReplicas"
    ),
    "a trigger that measures nothing we know": lambda all_: named(all_, "ScaledObject", "contract-service")[
        "spec"
    ]["triggers"][1]["metadata"].update(mode="QueueDepth"),
    "a database setting that is not text": lambda all_: named(all_, "Cluster", "sales-database")["spec"][
        "postgresql"
    ]["parameters"].update(max_connections=200),
    "an account without rights": lambda all_: named(all_, "Permission", "feed-reader")["spec"].pop(
        "permissions"
    ),
    "a rule with a misspelt field": lambda all_: _rename(
        named(all_, "PrometheusRule", "alerts")["spec"]["groups"][0]["rules"][0], "labels", "lables"
    ),
    "a kind nobody described": lambda all_: named(all_, "Vhost", "kehu").update(kind="VHost"),
}


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_manifest_with_a_mistake_is_refused(mutant: Callable[[list[Manifest]], Any]) -> None:
    usual, manifests = rendered("prod"), rendered("prod")
    mutant(manifests)
    (changed,) = [manifest for manifest in manifests if manifest not in usual]
    assert list(faults([changed])) != []


def test_every_service_of_the_repository_is_deployed(manifests: list[Manifest]) -> None:
    deployed = {d["metadata"]["labels"]["app.kubernetes.io/name"] for d in of_kind(manifests, "Deployment")}
    assert deployed == {*SERVICES, "gateway"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_everything_the_shape_gives(service: str) -> None:
    manifests = rendered("prod")
    expected = {
        ("Deployment", f"{service}-service"),
        ("Job", f"{service}-migrate"),
        ("ScaledObject", f"{service}-service"),
        ("PodDisruptionBudget", f"{service}-service"),
        ("NetworkPolicy", f"{service}-service"),
        ("NetworkPolicy", f"{service}-database"),
        ("PodMonitor", f"{service}-service"),
        ("Cluster", f"{service}-database"),
        ("ScheduledBackup", f"{service}-database"),
        ("User", f"{service}-broker"),
        ("Permission", f"{service}-broker"),
        ("TriggerAuthentication", f"{service}-broker"),
    }
    assert expected <= {(m["kind"], m["metadata"]["name"]) for m in manifests}


def test_no_placeholder_of_the_shape_is_left_over(manifests: list[Manifest]) -> None:
    text = yaml.safe_dump_all(manifests, width=10_000).replace("$(SERVICE)", "")
    assert [
        line for line in text.splitlines() if re.search(r"\bSERVICE\b(?!:)|: DATABASE_NAME|\bHOST\b", line)
    ] == []


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_of_a_service_carries_the_name_of_another(service: str) -> None:
    """The shape is written once; a name that was forgotten in it would be the same in all.

    What a service may do on the broker names those it hears of.
    """
    for manifest in rendered("prod"):
        rights = manifest["kind"] in ("Permission", "TopicPermission")
        if manifest["metadata"]["name"].startswith(f"{service}-") and not rights:
            text = yaml.safe_dump(manifest)
            foreign = [other for other in SERVICES if other != service and re.search(rf"\b{other}\b", text)]
            assert foreign == [], label(manifest)


def test_a_service_folder_stays_a_page_of_parameters() -> None:
    for service in SERVICES:
        files = list((K8S / "services" / service).iterdir())
        assert [file.name for file in files] == ["kustomization.yaml"]
        assert len(files[0].read_text().splitlines()) <= 25


def test_everything_of_ours_is_labelled_as_part_of_kehu(manifests: list[Manifest]) -> None:
    assert {m["metadata"].get("labels", {}).get("app.kubernetes.io/part-of") for m in manifests} == {"kehu"}
    for workload in workloads(manifests):
        assert {
            "app.kubernetes.io/name",
            "app.kubernetes.io/component",
            "app.kubernetes.io/part-of",
        } <= set(pod_of(workload)["metadata"]["labels"])


def test_everything_lives_in_the_overlays_namespace(manifests: list[Manifest]) -> None:
    space = of_kind(manifests, "Namespace")[0]["metadata"]["name"]
    assert {m["metadata"]["namespace"] for m in manifests if m["kind"] != "Namespace"} == {space}


def test_the_base_names_no_version() -> None:
    images = re.findall(r"image: (\S+)", rendered_text("base"))
    assert images
    assert set(images) == {f"kehu/{name}" for name in (*SERVICES, "gateway")} | {"nginx"}


def test_no_image_is_latest_or_without_a_version(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        for container in containers(workload):
            assert re.fullmatch(
                r"(kehu/[a-z-]+|nginx)(:(?!latest)[\w.-]+|@sha256:[0-9a-f]{64})", container["image"]
            ), label(workload)


def test_production_names_its_images_by_digest() -> None:
    for workload in workloads(rendered("prod")):
        assert all("@sha256:" in container["image"] for container in containers(workload))


def test_a_pod_migration_and_wait_run_one_image(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        pods = [
            named(manifests, "Deployment", f"{service}-service"),
            named(manifests, "Job", f"{service}-migrate"),
        ]
        images = {container["image"] for pod in pods for container in containers(pod)}
        assert len(images) == 1
        assert re.split("[:@]", images.pop())[0] == f"kehu/{service}"


def test_pods_wait_for_the_schema_that_the_migration_makes(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        job = named(manifests, "Job", f"{service}-migrate")
        deployment = named(manifests, "Deployment", f"{service}-service")
        (migrate,) = containers(job)
        wait, run = containers(deployment)
        assert migrate["command"] == ["python", "-m", "servicekit", "migrate", "$(SERVICE)"]
        assert wait["command"] == [*migrate["command"], "--wait"]
        assert run["command"] == ["python", "-m", "servicekit", "run", "$(SERVICE)"]
        assert settings_of(manifests, f"{service}-settings")["SERVICE"] == service


def test_the_migration_runs_after_what_it_needs_and_before_the_pods(manifests: list[Manifest]) -> None:
    def wave(manifest: Manifest) -> int:
        return int(manifest["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", 0))

    for service in SERVICES:
        job = named(manifests, "Job", f"{service}-migrate")
        assert job["metadata"]["annotations"]["argocd.argoproj.io/hook"] == "Sync"
        needed = of_kind(manifests, "Cluster", "RabbitmqCluster", "Vhost", "User", "Permission")
        needed += of_kind(manifests, "ConfigMap", "NetworkPolicy")
        assert all(wave(manifest) < wave(job) for manifest in needed)
        assert wave(named(manifests, "Deployment", f"{service}-service")) > wave(job)
