"""Values for the parameters of named queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from kgraph.graph import NamedQuery, ParameterKind

_VALUES: dict[ParameterKind, list[Any]] = {
    ParameterKind.ACTOR: ["Russland", "USA", "Iran"],
    ParameterKind.RELATION: ["attacks"],
    ParameterKind.CONFIDENCE: [0.7],
    ParameterKind.DATE: [date(2026, 3, 2), date(2026, 3, 31), date(2026, 3, 3)],
    ParameterKind.FLAG: [True],
}


def example(query: NamedQuery, *, every: bool) -> dict[str, Any]:
    """A value for each parameter that a query needs, or for every one."""
    values = {kind: iter(found) for kind, found in _VALUES.items()}
    wanted = [parameter for parameter in query.parameters if parameter.required or every]
    return {parameter.name: next(values[parameter.kind]) for parameter in wanted}
