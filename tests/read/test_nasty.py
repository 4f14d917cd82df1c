"""Files that are wrong in every way we know: what is said of each, and that the rest goes on."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph import ArticleError, read
from kgraph.model import Article
from kgraph.read import segment

FOLDER = Path(__file__).parents[1] / "nasty"
EXPECTED = FOLDER / "expected.txt"
TEXT = "Oman will vermitteln. Die Nachbarn schweigen dazu.\n"


def said() -> list[str]:
    """A line for each article and each problem, in order of the files."""
    lines: list[str] = []
    names = sorted(path.name for path in FOLDER.iterdir() if path not in (EXPECTED, FOLDER / "README.md"))
    for name in names:
        for article in read(FOLDER / name, lang="de", on_problem=lambda error: lines.append(_short(error))):
            lines.append(f"{name}: read as {article.id!r}, {len(article.text)} characters")
    return lines


def _short(error: ArticleError) -> str:
    """What kgraph says; what the libraries beneath it say, after a colon, changes with them."""
    mark = "" if error.skipped else "odd: "
    return f"{mark}{error.where}: {error.what.partition(': ')[0]}".replace(f"{FOLDER}{os.sep}", "")


def test_what_is_said_of_nasty_files() -> None:
    assert said() == EXPECTED.read_text(encoding="utf-8").splitlines()


def test_all_of_them_together() -> None:
    problems: list[str] = []
    articles = list(read(FOLDER, lang="de", on_problem=lambda error: problems.append(str(error))))
    assert len({article.id for article in articles}) == len(articles)
    assert len(articles) > 10
    assert len(problems) > 30


def read_all(*sources: str | Path, **options: Any) -> tuple[list[Article], list[str]]:
    problems: list[str] = []
    found = read(sources, lang="de", on_problem=lambda error: problems.append(str(error)), **options)
    return list(found), problems


def test_a_fault_on_line_70001(tmp_path: Path) -> None:
    good = json.dumps({"text": "Iran"})
    lines = ["\n"] * 69_998 + [good + "\n"] * 2 + ["{\n", good]
    (tmp_path / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["a:69999", "a:70000", "a:70002"]
    assert [problem.partition(": ")[0] for problem in problems] == [f"{tmp_path}/a.jsonl:70001"]


def test_a_hundred_megabytes_in_one_file(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.html", "a.xml"):
        with (tmp_path / name).open("wb") as file:
            file.write(b"a")
            file.truncate(100 * 2**20)
    articles, problems = read_all(tmp_path)
    assert articles == []
    assert [problem.partition(": ")[2] for problem in problems] == ["is larger than 8 MB; split it into articles"] * 4


@pytest.mark.parametrize("words", ["Der Iran greift an und ", "x", "(", "Wien/", "„“ ", "Foto: A/"])
def test_a_sentence_of_two_megabytes(words: str) -> None:
    text = words * (2_000_000 // len(words))
    blocks = segment(text).blocks
    assert sum(block.end - block.start for block in blocks) <= len(text)


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The superuser may read everything, so the system's answer is played."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    opened = Path.open

    def denied(path: Path, *args: Any, **options: Any) -> Any:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", denied)
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["b"]
    assert problems == [f"{tmp_path}/a.txt: cannot be read: Permission denied"]


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    walked = os.walk

    def walk(folder: Any, *, onerror: Any) -> Iterator[Any]:
        onerror(PermissionError(13, "Permission denied", f"{folder}/secret"))
        yield from walked(folder)

    monkeypatch.setattr(os, "walk", walk)
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["a"]
    assert problems == [f"{tmp_path}/secret: cannot be read: Permission denied"]


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    problems: list[str] = []
    found = read(tmp_path, lang="de", on_problem=lambda error: problems.append(str(error)))
    assert next(found).id == "a"
    (tmp_path / "b.txt").unlink()
    assert [article.id for article in found] == ["c"]
    assert problems == [f"{tmp_path}/b.txt: cannot be read: No such file or directory"]


def test_a_disk_that_fails_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [json.dumps({"doc": "a", "text": TEXT}).encode() + b"\n"]

    class Failing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            if not left:
                raise OSError(5, "Input/output error")
            data = left.pop()
            buffer[: len(data)] = data
            return len(data)

    (tmp_path / "a.jsonl").write_text("", encoding="utf-8")
    whole = Path.open

    def opened(path: Path, *args: Any, **kwargs: Any) -> Any:
        return io.BufferedReader(Failing()) if path.name == "a.jsonl" else whole(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)
    articles, problems = read_all(tmp_path)
    assert [article.id for article in articles] == ["a"]
    assert problems == [f"{tmp_path}/a.jsonl: cannot be read: Input/output error"]


def test_pipes_in_folders_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    assert [article.id for article in read_all(tmp_path)[0]] == ["b"]


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "a.txt/b"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    articles, problems = read_all(f"{tmp_path}/{name}")
    assert articles == []
    assert len(problems) == 1


if __name__ == "__main__":
    EXPECTED.write_text("\n".join(said()) + "\n", encoding="utf-8")
