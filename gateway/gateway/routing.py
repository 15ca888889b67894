"""From path to operations, in as many steps as the path has segments, however many routes there are."""

from collections.abc import Iterable

from gateway.contracts import ContractError, Operation


class _Node:
    __slots__ = ("literals", "operations", "parameter")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.operations: dict[str, Operation] = {}


class RouteTable:
    """All operations by path; a literal segment wins over a parameter."""

    def __init__(self, operations: Iterable[Operation]):
        self._root = _Node()
        for operation in operations:
            self._add(operation)

    def find(self, path: str) -> tuple[dict[str, Operation], list[str]] | None:
        """Return the operations at a path by HTTP method and the values of its parameters, or None."""
        values: list[str] = []
        node = _descend(self._root, path.split("/"), 0, values)
        return None if node is None else (node.operations, values)

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in operation.path.split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, _Node())
        if operation.http_method in node.operations:
            raise ContractError(f"{operation.http_method} {operation.path} is declared twice")
        node.operations[operation.http_method] = operation


def _descend(node: _Node, segments: list[str], depth: int, values: list[str]) -> _Node | None:
    if depth == len(segments):
        return node if node.operations else None
    segment = segments[depth]
    literal = node.literals.get(segment)
    if literal is not None:
        found = _descend(literal, segments, depth + 1, values)
        if found is not None:
            return found
    if node.parameter is not None and segment:
        values.append(segment)
        found = _descend(node.parameter, segments, depth + 1, values)
        if found is not None:
            return found
        values.pop()
    return None
