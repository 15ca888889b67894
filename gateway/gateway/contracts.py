"""The services' published contracts: which operations there are, and how HTTP reaches them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

METHODS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"\{(\w+)\}")


class ContractError(Exception):
    """A contract file is wrong, or two of them contradict each other; the gateway must not start."""


@dataclass(frozen=True)
class Operation:
    """One operation of a service, bound to a method and a path."""

    http_method: str
    path: str
    service: str
    rpc_method: str
    takes_data: bool
    takes_query: bool
    success_status: int
    path_parameters: tuple[str, ...]
    searches: bool = False
    """Whether its body says which records are wanted, and which of their fields."""
    takes_subject: bool = False
    """Whether it can be asked about somebody else, by ``account_id`` in its query."""
    location: str | None = None
    """Below which path a record that it creates is read, ``None`` where it creates none."""


@dataclass(frozen=True)
class Contract:
    """One service's OpenAPI document."""

    source: Path
    document: dict[str, Any]

    def operations(self) -> Iterator[Operation]:
        """Yield the operations that the document declares."""
        for path, item in self.document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    yield self._operation(method.upper(), path, item[method])

    def _operation(self, method: str, path: str, declared: dict[str, Any]) -> Operation:
        try:
            rpc = declared["x-rpc"]
            success = min(int(status) for status in declared["responses"] if status.startswith("2"))
            return Operation(
                http_method=method,
                path=path,
                service=rpc["service"],
                rpc_method=rpc["method"],
                takes_data="requestBody" in declared,
                takes_query=bool(declared.get("x-query")),
                success_status=success,
                path_parameters=tuple(PARAMETER.findall(path)),
                searches="x-conditions" in declared,
                takes_subject=bool(declared.get("x-subject")),
            )
        except (KeyError, ValueError) as error:
            raise ContractError(f"{self.source}: {method} {path}: {error!r}") from error


def located(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations with where what they create is read: at its own path, or else below the noun's.

    What is made at ``/v1/opportunities/{opportunity_id}/partners`` is read below ``/v1/opportunity-partners``, if
    anything is, or below ``/v1/partners``.

    Raises:
        ContractError: where something is created that cannot be read: its ``Location`` would lead nowhere.
    """
    known = list(operations)
    read = {PARAMETER.sub("{}", each.path) for each in known if each.http_method == "GET"}

    def location_of(operation: Operation) -> str | None:
        if operation.success_status != 201:
            return None
        last = operation.path.rpartition("/")[2]
        above = [name.removesuffix("_id") for name in operation.path_parameters]
        for path in (operation.path, *(f"/v1/{each}-{last}" for each in above), f"/v1/{last}"):
            if PARAMETER.sub("{}", path) + "/{}" in read:
                return path
        raise ContractError(f"{operation.http_method} {operation.path} creates what no operation reads")

    return [replace(each, location=location_of(each)) for each in known]


def load_contracts(api_dir: Path) -> list[Contract]:
    """Read every ``<service>/api/openapi.json`` below a folder."""
    return [
        Contract(source, orjson.loads(source.read_bytes()))
        for source in sorted(api_dir.glob("*/api/openapi.json"))
    ]


def services_of(contracts: list[Contract]) -> list[str]:
    """Return the names of the services that the contracts speak of."""
    return sorted({operation.service for contract in contracts for operation in contract.operations()})
