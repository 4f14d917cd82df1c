from __future__ import annotations

import pytest

from kgraph.serve.charts import chart
from kgraph.serve.index.records import Tally


def test_goldstein_values_are_summed_by_month_without_gaps() -> None:
    made = chart(
        [
            Tally("2025-11", "attacks", 2, 1),
            Tally("2026-02", "attacks", 1, 0),
            Tally("2026-02", "meets", 3, 0),
            Tally("2026-02", "ally", 1, 0),
            Tally("", "attacks", 9, 9),
        ]
    )
    assert made
    assert [column.key for column in made.columns] == ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"]
    november, february = made.rows
    assert (november.conflict, november.others, november.up, november.down, november.mean) == (2, 1, 0.0, -20.0, -10.0)
    assert (february.cooperation, february.conflict, february.states) == (3, 1, 1)
    assert (february.up, february.down, february.mean) == (3.0, -10.0, -1.8)
    assert made.top == 20.0
    assert made.totals == (3, 3)
    assert [(bar.x, bar.y, bar.height, bar.kind) for bar in made.bars] == [
        (2.12, 100.0, 100.0, "conflict"),
        (5.12, 85.0, 15.0, "cooperation"),
        (5.12, 100.0, 50.0, "conflict"),
    ]


@pytest.mark.parametrize(
    ("months", "step", "columns"),
    [
        (["2021-02", "2026-01"], "month", 60),
        (["2021-01", "2026-01"], "quarter", 21),
        (["1990-01", "2026-01"], "year", 37),
        (["0001-01", "2026-01"], "year", 6),
    ],
)
def test_the_step_grows_with_the_time(months: list[str], step: str, columns: int) -> None:
    made = chart([Tally(month, "attacks", 1, 0) for month in months])
    assert made
    assert (made.step, len(made.columns)) == (step, columns)
    assert sum(column.claims for column in made.rows) == 2


def test_a_claim_far_off_is_only_in_the_table() -> None:
    made = chart([Tally("1989-11", "meets", 1, 0), Tally("2026-01", "meets", 30, 0), Tally("2026-03", "meets", 10, 0)])
    assert made
    assert (made.step, made.columns[-1].key, made.left_out) == ("month", "2026-03", 1)
    assert [row.key for row in made.rows] == ["1989-11", "2026-01", "2026-03"]


def test_nothing_dated_is_no_chart() -> None:
    assert chart([]) is None
    assert chart([Tally("", "attacks", 1, 1)]) is None
