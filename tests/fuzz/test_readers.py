"""Every reader keeps its promises for what is nearly right: seeds that are cut, spliced, repeated and peppered.

The long runs are `just fuzz READER SECONDS`; what they found stands in tests/nasty or in the tests of the reader.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.read import formats


def _readers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzzed_readers", Path(__file__).with_name("readers.py"))
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


READERS = _readers()
NAMES = sorted(READERS.READERS)


@pytest.fixture(autouse=True)
def in_this_process() -> Iterator[None]:
    """The process beside this one, which has the parsers otherwise, would take their place for every input."""
    before = formats.elsewhere, formats.each_elsewhere
    READERS.in_this_process()
    yield
    formats.elsewhere, formats.each_elsewhere = before  # type: ignore[assignment]


@st.composite
def nearly(draw: st.DrawFn, seeds: list[bytes], words: tuple[bytes, ...]) -> bytes:
    """A seed after a few changes of the kinds that break parsers."""
    data = draw(st.sampled_from(seeds or [b""]))[:20_000]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(("cut", "drop", "noise", "word", "again", "other")))
        if kind == "cut":
            data = data[:at]
        elif kind == "drop":
            data = data[:at] + data[at + size :]
        elif kind == "noise":
            data = data[:at] + draw(st.binary(max_size=8)) + data[at + size :]
        elif kind == "word" and words:
            data = data[:at] + draw(st.sampled_from(words)) * draw(st.integers(1, 3)) + data[at:]
        elif kind == "again":
            data = data[:at] + data[max(0, at - size) : at] * draw(st.integers(1, 50)) + data[at:]
        elif kind == "other":
            data = data[:at] + draw(st.sampled_from(seeds or [b""]))[-at or None :][:2000]
    return data


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")  # of libraries, about what is wrong with the input
def test_what_is_nearly_right_is_read_or_refused(name: str) -> None:
    reader = READERS.of(name)

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(nearly(reader.seeds(), reader.words))
    def read(data: bytes) -> None:
        reader.run(data)

    read()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("data", [b"", b"\0", b"\xff\xfe", b"\n" * 5000, b"[" * 20_000, b"<a>" * 20_000, b'"' * 20_001])
def test_a_few_bytes_that_are_nothing(name: str, data: bytes) -> None:
    READERS.of(name).run(data)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")
def test_the_seeds_are_good_for_something(name: str) -> None:
    """A reader whose seeds are all refused at once is not looked at."""
    reader = READERS.of(name)
    assert reader.seeds()
    for seed in reader.seeds():
        reader.run(seed)
