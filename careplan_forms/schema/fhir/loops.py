"""Conditions that lead back to themselves."""

from careplan_forms.schema.fhir.tree import Node


def in_loops(nodes: tuple[Node, ...], sources: dict[str, list[Node]]) -> list[Node]:
    """Nodes whose condition is caught up in a loop, through other conditions or by hiding what it asks about.

    Whatever depends on nothing, and whatever nothing depends on, is taken away until only loops are left.
    """
    depends: dict[str, set[str]] = {}
    for node in nodes:
        depends[node.uid] = {source.uid for source in sources.get(node.uid, [])}
        if node.parent:
            depends[node.uid].add(node.parent.uid)
    needed_by: dict[str, set[str]] = {uid: set() for uid in depends}
    for uid, wanted in depends.items():
        for each in wanted:
            needed_by[each].add(uid)
    left = _without_ends(_without_ends(set(depends), depends, needed_by), needed_by, depends)
    return [node for node in nodes if node.uid in sources and node.uid in left]


def _without_ends(left: set[str], forward: dict[str, set[str]], back: dict[str, set[str]]) -> set[str]:
    """``left`` without the nodes that lead, by ``forward``, only out of ``left``; ``back`` is its reverse."""
    open_ends = {uid: len(forward[uid] & left) for uid in left}
    ready = [uid for uid, number in open_ends.items() if number == 0]
    while ready:
        uid = ready.pop()
        left.discard(uid)
        for each in back[uid] & left:
            open_ends[each] -= 1
            if open_ends[each] == 0:
                ready.append(each)
    return left
