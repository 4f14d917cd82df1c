"""Dates in the forms of newspapers and feeds."""

from __future__ import annotations

from datetime import date

import pytest

from kgraph.read.dates import find_date, parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026-03-02T14:05:00+01:00",
        "2026-03-02 14:05",
        "02.03.2026",
        "2.3.2026, 14:05 Uhr",
        "2. März 2026",
        "Montag, 2. März 2026",
        "Montag, den 2. März 2026 um 14.05 Uhr",
        "March 2, 2026",
        "2 March 2026",
        "Mon, 02 Mar 2026 14:05:00 +0100",
        "Mon, 02 Mar 2026 14:05:00 GMT",
        "2. Mrz. 2026",
    ],
)
def test_a_date_in_any_form(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gestern",
        "2026-02-30",
        "31.02.2026",
        "12026-03-02",
        "am 2. März 2026 in Genf",
        "2026",
        "2026-03-02T10:00" + "Nkkk" * 5000,
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_the_first_date_in_a_text() -> None:
    assert find_date("Stand 30.02.2026, gedruckt am 3. Mai 2026") == date(2026, 5, 3)
    assert find_date("Tor 2:0 am 3.") is None
