"""A tree of conditions as SQL: how its parts hang together; what a single comparison means is its reader's."""

from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, and_, false, or_, true

from servicekit.nouns.conditions.grammar import All, Any_, Leaf, Node, Not


def sql_of(node: Node, leaf: Callable[[Leaf], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition that a tree means.

    Args:
        leaf: makes the condition of one comparison.
    """
    if isinstance(node, All):
        return and_(true(), *(sql_of(part, leaf) for part in node.parts))
    if isinstance(node, Any_):
        return or_(false(), *(sql_of(part, leaf) for part in node.parts))
    if isinstance(node, Not):
        # What is not known to hold does not, so its opposite does.
        return sql_of(node.part, leaf).is_not(true())
    return leaf(node)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the comparisons of a tree."""
    if isinstance(node, All | Any_):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node
