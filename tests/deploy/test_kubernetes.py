"""What must be true of the manifests, read from what kustomize makes of them; no cluster is needed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from tests.deploy.kit import kit
from tests.deploy.manifests import (
    K8S,
    OVERLAYS,
    ROOT,
    Manifest,
    containers,
    faults,
    label,
    named,
    of_kind,
    pod_of,
    rendered,
    rendered_text,
    selects,
    services,
    workloads,
)

SERVICES = services()


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    return rendered(request.param)


# --- schemas


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
    manifests = rendered("prod")
    mutant(manifests)
    (changed,) = [manifest for manifest in manifests if manifest not in rendered("prod")]
    assert list(faults([changed])) != []


# --- shape


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
    """The shape is written once; a name that was forgotten in it would be the same in all."""
    for manifest in rendered("prod"):
        if manifest["metadata"]["name"].startswith(f"{service}-"):
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


# --- images


def test_the_base_names_no_version() -> None:
    images = re.findall(r"image: (\S+)", rendered_text("base"))
    assert images
    assert set(images) == {f"kehu/{name}" for name in (*SERVICES, "gateway")}


def test_no_image_is_latest_or_without_a_version(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        for container in containers(workload):
            assert re.fullmatch(
                r"kehu/[a-z-]+(:(?!latest)[\w.-]+|@sha256:[0-9a-f]{64})", container["image"]
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


# --- pods


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
    folder = _settings(manifests, "gateway-settings")["PROMETHEUS_MULTIPROC_DIR"]
    mounts = pod_of(named(manifests, "Deployment", "gateway"))["spec"]["containers"][0]["volumeMounts"]
    assert folder in {mount["mountPath"] for mount in mounts}


def test_memory_is_limited_and_cpu_asked_for(manifests: list[Manifest]) -> None:
    for workload in workloads(manifests):
        for container in containers(workload):
            resources = container["resources"]
            assert {"cpu", "memory"} <= set(resources["requests"])
            assert "memory" in resources["limits"]
            assert ("cpu" in resources["limits"]) == (container["name"] != "gateway")


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


# --- settings and secrets


def _settings(manifests: list[Manifest], prefix: str) -> dict[str, str]:
    found = [m for m in of_kind(manifests, "ConfigMap") if m["metadata"]["name"].startswith(prefix)]
    assert len(found) == 1
    data: dict[str, str] = found[0]["data"]
    return data


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
        assert files == (
            {"AMQP_URL"} if workload["metadata"]["name"] == "gateway" else {"AMQP_URL", "DATABASE_URL"}
        )
        for container in containers(workload):
            mount = next(m for m in container["volumeMounts"] if m["name"] == "secrets")
            assert mount == {"name": "secrets", "mountPath": "/run/secrets/kehu", "readOnly": True}


def test_every_secret_a_person_has_to_make_is_described(manifests: list[Manifest]) -> None:
    """CloudNativePG makes those that end in -app; the certificate comes from whoever runs the ingress."""
    text = yaml.safe_dump_all(manifests)
    accounts = {m["spec"]["importCredentialsSecret"]["name"] for m in of_kind(manifests, "User")}
    assert accounts == {f"{name}-broker" for name in (*SERVICES, "gateway")} | {"feed-reader"}
    page = (ROOT / "docs" / "operating.md").read_text()
    for name in ("feed-reader", "gateway-tls", *(["backup-store"] if "backup-store" in text else [])):
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
    name = _settings(manifests, f"{service}-settings")["DATABASE_NAME"]
    assert name == kit()["services"][service]["database"]
    assert (
        named(manifests, "Cluster", f"{service}-database")["spec"]["bootstrap"]["initdb"]["database"] == name
    )


def test_every_setting_of_a_service_is_one_the_kit_reads(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        names = {name.lower() for name in _settings(manifests, f"{service}-settings")}
        assert names - {"service", "kehu_secrets_dir"} <= set(kit()["settings"])


def test_every_setting_of_the_gateway_is_one_it_reads(manifests: list[Manifest]) -> None:
    source = (ROOT / "gateway" / "gateway" / "settings.py").read_text()
    known = set(re.findall(r'alias="(\w+)"', source))
    known |= {f"GATEWAY_{name.upper()}" for name in re.findall(r"^    (\w+): ", source, re.MULTILINE)}
    assert (
        set(_settings(manifests, "gateway-settings")) - {"KEHU_SECRETS_DIR", "PROMETHEUS_MULTIPROC_DIR"}
        <= known
    )


def test_the_health_port_can_be_reached_from_outside_the_pod(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        settings = _settings(manifests, f"{service}-settings")
        port = pod_of(named(manifests, "Deployment", f"{service}-service"))["spec"]["containers"][0]["ports"][
            0
        ]
        assert settings["HEALTH_BIND"] == "0.0.0.0"
        assert int(settings["HEALTH_PORT"]) == port["containerPort"]


# --- order of things


def test_pods_wait_for_the_schema_that_the_migration_makes(manifests: list[Manifest]) -> None:
    for service in SERVICES:
        job = named(manifests, "Job", f"{service}-migrate")
        deployment = named(manifests, "Deployment", f"{service}-service")
        (migrate,) = containers(job)
        wait, run = containers(deployment)
        assert migrate["command"] == ["python", "-m", "servicekit", "migrate", "$(SERVICE)"]
        assert wait["command"] == [*migrate["command"], "--wait"]
        assert run["command"] == ["python", "-m", "servicekit", "run", "$(SERVICE)"]
        assert _settings(manifests, f"{service}-settings")["SERVICE"] == service


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


# --- scaling


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


# --- network


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
            assert _may_send(manifests, pod, BROKER, 5672)
            reached = [other for other in SERVICES if _may_send(manifests, pod, _database(other), 5432)]
            assert reached == [service]


def test_the_gateway_reaches_the_broker_and_no_database(manifests: list[Manifest]) -> None:
    gateway = _pod_labels(manifests, "Deployment", "gateway")
    assert _may_send(manifests, gateway, BROKER, 5672)
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


# --- broker and databases


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
        for queue in (names["inbox"], names["rpc"], *names["retry"]):
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
        for queue in (names["inbox"], names["rpc"], *names["retry"]):
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


# --- monitoring


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
