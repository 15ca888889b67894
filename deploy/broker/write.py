"""Writes what follows from the services' declarations for the broker: `make contracts` runs it, `make check` compares.

deploy/broker/definitions.json       imported by the private broker of `make up` and by that of compose.yaml
deploy/k8s/platform/rights.yaml      the same as resources of RabbitMQ's messaging topology operator
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from servicekit.__main__ import service_class_of
from servicekit.messages import rights, topology
from servicekit.messages.inbox import listened_by

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("identity", "customer", "sales", "contract", "finance", "service-desk")
DEFINITIONS = ROOT / "deploy" / "broker" / "definitions.json"
MANIFESTS = ROOT / "deploy" / "k8s" / "platform" / "rights.yaml"
HEAD = "# Written by deploy/broker/write.py (make contracts) from what the services declare; decision record 20.\n"


def everybody() -> dict[str, rights.Account]:
    """Everybody's rights, as the code in this checkout has them."""
    services = {}
    for name in SERVICES:
        kind = service_class_of(name)
        services[name] = (listened_by(kind), kind.reads_feed)
    return rights.accounts(services)


def definitions_text() -> str:
    return json.dumps(rights.definitions(everybody(), SERVICES), indent=1) + "\n"


def manifests_text() -> str:
    made = list(manifests())
    return HEAD + yaml.safe_dump_all(made, sort_keys=False, width=118, explicit_start=True)


def manifests() -> list[dict[str, Any]]:
    """Permissions, exchanges and stream in the virtual host of the cluster, before anything that uses them."""
    made = []
    for account, each in everybody().items():
        user = {"userReference": {"name": f"{account}-broker"}}
        patterns = {"configure": each.configure, "write": each.write, "read": each.read}
        made.append(resource("Permission", f"{account}-broker", {**user, "permissions": patterns}))
        for exchange, pattern in each.keys.items():
            allowed = {"exchange": exchange, "write": rights.ANYTHING, "read": pattern}
            name = f"{account}-binds-{exchange.replace('.', '-')}"
            made.append(resource("TopicPermission", name, {**user, "permissions": allowed}))
    for name in rights.shared_exchanges(SERVICES):
        spec = {"name": name, "type": "topic", "durable": True, "autoDelete": False}
        made.append(resource("Exchange", name.replace(".", "-"), spec))
    stream = {
        "name": topology.FEED, "type": "stream", "durable": True, "autoDelete": False,
        "arguments": {k: v for k, v in rights.feed_arguments().items() if k != "x-queue-type"},
    }  # fmt: skip
    made.append(resource("Queue", "kehu-feed", stream))
    for binding in rights.shared_bindings(SERVICES):
        bound = {
            "source": binding.source, "destination": binding.destination, "destinationType": binding.kind,
            "routingKey": binding.key,
        }  # fmt: skip
        made.append(resource("Binding", _binding_name(binding), bound))
    return made


def _binding_name(bound: rights.Bound) -> str:
    service, _, kind = bound.source.rpartition(".")
    reader = bound.destination.replace(".", "-")
    return f"{reader}-of-{service}" if kind == "events" else f"{reader}-of-{service}-{kind}"


def resource(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "rabbitmq.com/v1beta1",
        "kind": kind,
        "metadata": {"name": name, "annotations": {"argocd.argoproj.io/sync-wave": "-3"}},
        "spec": {"vhost": "kehu", **spec, "rabbitmqClusterReference": {"name": "broker"}},
    }


def stale() -> list[Path]:
    """The files that are not as they would be written now."""
    wanted = {DEFINITIONS: definitions_text(), MANIFESTS: manifests_text()}
    return [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]


if __name__ == "__main__":
    if "--check" in sys.argv:
        found = stale()
        for path in found:
            print(f"{path.relative_to(ROOT)} is stale: make contracts")
        sys.exit(1 if found else 0)
    DEFINITIONS.write_text(definitions_text())
    MANIFESTS.write_text(manifests_text())
