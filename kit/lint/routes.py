"""The ways through a flow: what may follow a state, and which states lead back to themselves."""

from __future__ import annotations

from kit.asl.definition import Flow


def reached(flow: Flow, start: str) -> set[str]:
    """The states that may follow a state, at any distance; itself only where it is in a loop."""
    waiting, found = [start], set[str]()
    while waiting:
        for _, target in flow.states[waiting.pop()].successors():
            if target not in found and target in flow.states:
                found.add(target)
                waiting.append(target)
    return found


def cycles(flow: Flow) -> list[set[str]]:
    """The groups of states that lead back to themselves (strongly connected components)."""
    reach = {name: reached(flow, name) for name in flow.states}
    groups: list[set[str]] = []
    for name in flow.states:
        if name in reach[name] and not any(name in group for group in groups):
            groups.append({other for other in reach[name] if name in reach[other]})
    return groups
