"""How fast a run is said to be, by a clock of its own."""

from __future__ import annotations

from kgraph.runs.pace import Pace


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_articles_in_a_second_and_the_time_left() -> None:
    clock = Clock()
    pace = Pace(clock)
    for done in range(1, 21):
        clock.now += 0.5
        pace.sources(done * 100, 10_000)
        pace.read()
    assert pace.rate == 2.0
    assert pace.left == 40.0
    assert pace.words() == "20 articles, 2.0 a second, 20 %, 40 seconds left"


def test_what_was_done_before_is_gone_through_fast_and_says_nothing_of_the_rest() -> None:
    clock = Clock()
    pace = Pace(clock)
    for done in range(5000):
        clock.now += 0.001
        pace.sources(done, 10_000)
        pace.unchanged()
    for done in range(5000, 5200):
        clock.now += 1.0
        pace.sources(done, 10_000)
        pace.read()
    assert 4700 < (pace.left or 0) < 4900
    assert pace.words() == "200 articles, 5,000 unchanged, 1.0 a second, 51 %, 80 minutes left"


def test_nobody_knows_how_long_the_web_takes() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.words() == "0 articles, 0.0 a second"
    clock.now += 10
    pace.sources(0, 0)
    pace.read()
    assert pace.left is None
    assert pace.words() == "1 article, 0.1 a second"


def test_hours() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += 10
    pace.sources(1, 1001)
    pace.read()
    assert pace.words().endswith("0 %, 2.8 hours left")
