"""Compressed files and archives are read within limits; bombs, damage and names that lead out are reported."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph import read
from kgraph.model import Article

TEXT = "Oman will zwischen den Anrainern des Golfs vermitteln. Die Nachbarn schweigen dazu.\n"
LINES = "\n".join(json.dumps({"doc": name, "text": TEXT}) for name in "abc")
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": zstd.compress,
}


def read_all(path: Path) -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    return list(read(path, lang="de", on_problem=lambda error: problems.append(str(error)))), problems


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("suffix", PACK)
def test_packed_files(tmp_path: Path, suffix: str) -> None:
    pack = PACK[suffix]
    write(tmp_path / f"1/t.txt.{suffix}", pack(TEXT.encode()))
    write(tmp_path / f"2/b.jsonl.{suffix}", pack(LINES[:30].encode()) + pack(LINES[30:].encode()))
    write(tmp_path / f"u.{suffix}", pack(TEXT.encode()))
    articles, problems = read_all(tmp_path)
    assert problems == []
    assert [(article.id, article.text) for article in articles] == [("t", TEXT), *((name, TEXT) for name in "abc")]
    articles, problems = read_all(tmp_path / f"u.{suffix}")
    assert ([article.id for article in articles], problems) == (["u"], [])


@pytest.mark.parametrize("suffix", PACK)
def test_damage(tmp_path: Path, suffix: str) -> None:
    data = bytearray(PACK[suffix](LINES.encode()))
    for name, broken in {"cut": data[:-9], "no": b"what is this", "torn": data[:20] + b"\xff" * 30 + data[50:]}.items():
        articles, problems = read_all(write(tmp_path / f"{name}.jsonl.{suffix}", bytes(broken)))
        assert any("is damaged" in problem for problem in problems), (name, problems)
        assert len(articles) <= 3


@pytest.mark.parametrize("suffix", PACK)
def test_bombs(tmp_path: Path, suffix: str) -> None:
    bomb = PACK[suffix](b"\n" * 40_000_000)
    articles, problems = read_all(write(tmp_path / f"bomb.jsonl.{suffix}", bomb))
    assert articles == []
    assert "grows to more than 200 times its size" in problems[0]


def test_a_packed_text_is_no_larger_than_a_plain_one(tmp_path: Path) -> None:
    _, problems = read_all(write(tmp_path / "a.txt.gz", gzip.compress(b"a" * 9_000_000)))
    assert "is larger than 8 MB" in problems[0]


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    members = {
        "news/b.txt": TEXT.encode(),
        "news/a.jsonl": LINES.encode(),
        "north/b.txt": TEXT.encode(),
        "picture.png": b"\0",
        ".hidden.txt": b"x",
        "__MACOSX/._a.txt": b"x",
        "empty/": b"",
    }
    articles, problems = read_all(zipped(tmp_path / "press.zip", members))
    assert [article.id for article in articles] == ["a", "b", "c", "press/b", "b-2"]
    assert len(problems) == 2
    assert f"{tmp_path}/press.zip/news/b.txt: another article is called 'b' already" in problems[0]


def test_a_fault_in_an_archive_costs_one_file(tmp_path: Path) -> None:
    members = {
        "a.txt": TEXT.encode(),
        "../../etc/b.txt": TEXT.encode(),
        "/etc/c.txt": TEXT.encode(),
        "C:\\d.txt": TEXT.encode(),
        "e.zip": b"PK",
        "f.txt.gz": b"",
        "g.txt": b"\0",
        "h.txt": b"a" * 20_000_000,
        "i.jsonl": b"\n" * 40_000_000,
        "z.txt": TEXT.encode(),
    }
    articles, problems = read_all(zipped(tmp_path / "p.zip", members))
    assert [article.id for article in articles] == ["a", "z"]
    assert sorted(problem.partition("p.zip/")[2].partition(" in ")[0] for problem in problems) == [
        "../../etc/b.txt: has a name that leads out of the archive; skipped",
        "/etc/c.txt: has a name that leads out of the archive; skipped",
        "C:\\d.txt: has a name that leads out of the archive; skipped",
        "e.zip: is packed inside a packed file; unpack the outer one first",
        "f.txt.gz: is packed inside a packed file; unpack the outer one first",
        "g.txt: is not text (it holds zero bytes); give a text file",
        "h.txt: is larger than 8 MB; split it into articles",
        "i.jsonl: grows to more than 200 times its size when unpacked; unpack it yourself to be sure",
    ]
    assert not (tmp_path / "etc").exists()


def test_damaged_and_encrypted_archives(tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", {"a.txt": TEXT.encode(), "b.txt": TEXT.encode()}, zipfile.ZIP_STORED)
    good = path.read_bytes()
    torn = good.replace(b"Oman", b"Omar", 1)  # the check sum is wrong
    locked = bytearray(good)
    locked[good.index(b"PK\x01\x02") + 8] |= 1
    strange = bytearray(good)
    struct.pack_into("<H", strange, good.index(b"PK\x01\x02") + 10, 97)
    for data, message in [
        (torn, "is damaged"),
        (bytes(locked), "is encrypted"),
        (bytes(strange), "cannot be unpacked"),
    ]:
        articles, problems = read_all(write(path, data))
        assert [article.id for article in articles] == ["b"]
        assert message in problems[0]
    for data in (b"PK\x03\x04", good[: len(good) // 2]):
        _, problems = read_all(write(path, data))
        assert "is a damaged ZIP archive" in problems[0]


def test_without_the_extra_the_message_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    monkeypatch.delattr("backports.zstd")
    _, problems = read_all(write(tmp_path / "a.txt.zst", zstd.compress(b"a")))
    assert problems[0].endswith("pip install 'kgraph[zstd]'")


@given(st.binary(max_size=200), st.sampled_from([*PACK, "zip"]), st.integers(0, 400))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_articles_or_problems(tmp_path: Path, noise: bytes, suffix: str, place: int) -> None:
    if suffix == "zip":
        data = zipped(tmp_path / "x.zip", {"a.jsonl": LINES.encode()}).read_bytes()
    else:
        data = PACK[suffix](LINES.encode())
    path = write(tmp_path / f"x.jsonl.{suffix}", data[:place] + noise + data[place + len(noise) :])
    articles, problems = read_all(path)
    assert articles or problems


def test_an_archive_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.txt", TEXT)

    class Pipe:
        buffer = archive

    archive.seek(0)
    monkeypatch.setattr("sys.stdin", Pipe)
    assert [article.id for article in read("-")] == ["a"]


def test_a_damaged_one_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO(gzip.compress(TEXT.encode())[:-20])

    monkeypatch.setattr("sys.stdin", Pipe)
    problems: list[str] = []
    assert list(read("-", on_problem=lambda error: problems.append(str(error)))) == []
    assert problems == ["stdin: is damaged and cannot be unpacked: its end is missing"]
