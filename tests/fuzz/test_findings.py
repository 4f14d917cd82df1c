"""What fuzzing and thinking like an attacker found, and what is said of it now."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from kgraph.errors import ArticleError, DataError
from kgraph.evaluate import Gold, read_claims
from kgraph.interchange import read_conllu, write_conllu
from kgraph.lexicon import build_lexicon
from kgraph.read import documents
from kgraph.read.cache import Cache

WORD = "1\tIran\tIran\tPROPN\t_\t_\t{head}\troot\t_\t{misc}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[verb]]\nlemma = 'droht'\nrelation = ['a']\n", r"l\.toml:1: 'relation' is \['a'\]; write a word"),
        ("[[verb]]\nlemma = 'droht'\nrelation = 'meets'\nwith = 3\n", "'with' is 3; write it like"),
        ("[[verb]]\nlemma = 'droht'\nrelation = 'meets'\nalso = [[]]\n", r"'also' is \[\[\]\]; write it like"),
        ("[[verb]]\nlemma = 'droht'\nrelation = 'meets'\nalso = [{ target = 1 }]\n", "'target' is 1; write a word"),
        ("verb = 3\n", "'verb' is not a list of tables"),
        ("a = " + "[" * 5000, "nested too deep"),
    ],
)
def test_misshapen_lexicons(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "l.toml").write_text(text, encoding="utf-8")
    (tmp_path / "cues.toml").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=fault):
        build_lexicon("de", [tmp_path / "l.toml"], tmp_path / "cues.toml")


def test_misshapen_cues(tmp_path: Path) -> None:
    (tmp_path / "cues.toml").write_text("[[b]]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"cues\.toml: 'b' must be a list of words"):
        build_lexicon("de", [], tmp_path / "cues.toml")


CLAIM = '{"doc": "a", "sentence": {"start": 0, "end": 5}, "subject": {}, "object": {}, "relation": "meets", "polarity": "x"}'


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (CLAIM.replace('"meets"', '["meets"]'), r"is no claim: \['meets'\] is no relation"),
        (CLAIM.replace('"start": 0', '"start": "0"'), "is no claim: its sentence needs start and end"),
        (CLAIM.replace('"subject": {}', '"subject": 5'), "is no claim: its ends need id"),
        (CLAIM.replace('"subject": {}', '"subject": {"mention": {"text": 5}}'), "is no claim: its ends need id"),
        (CLAIM.replace('"x"', "5"), "is no claim: its words are no texts"),
        ("1" * 5000, "is not JSON"),
        ("[" * 50_000, "is not JSON"),
    ],
)
def test_misshapen_claims_and_gold(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(f"{CLAIM}\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"c\.jsonl:2: " + fault):
        list(read_claims(path))
    with pytest.raises(DataError):
        Gold.load(path, path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# start = 99999999999\n" + WORD.format(head=0, misc="_"), "further than any article is long"),
        ("1-3\tIm\n".replace("\n", "\t_" * 8 + "\n") + WORD.format(head=0, misc="_"), "words that are not there"),
        ("9" * 5000 + "-1\n" + WORD.format(head=0, misc="_"), "has 1 columns"),
        (WORD.format(head="9" * 5000, misc="_"), "digits"),
        (WORD.format(head=7, misc="_"), "hangs on word 7"),
    ],
)
def test_trees_that_are_none(text: str, fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        list(read_conllu(text + "\n"))


def test_trees_that_are_odd() -> None:
    [(article, [sentence])] = read_conllu(WORD.format(head="00", misc="SpacesAfter=\\uD800\\n") + "\n")
    assert sentence.tokens[0].head == 0
    article.text.encode("utf-8")


def test_contractions_are_written_as_they_are_read() -> None:
    rows = ["1-2\tim" + "\t_" * 8, "1\tin\tin\tADP\t_\t_\t3\tcase\t_\t_", "2\tdem\tder\tDET\t_\t_\t3\tdet\t_\t_"]
    text = "\n".join([*rows, "3\tGolf\tGolf\tNOUN\t_\t_\t0\troot\t_\tNER=B-LOC|SpaceAfter=No"]) + "\n\n"
    [(article, sentences)] = read_conllu(text)
    assert article.text == "im Golf"
    [(again, same)] = read_conllu(write_conllu(article, sentences))
    assert again.text == article.text
    assert [token.form for token in same[0].tokens] == ["in", "dem", "Golf"]
    assert same == tuple(sentences) or [s.tokens for s in same] == [s.tokens for s in sentences]


def test_a_long_chain_of_heads_is_no_quadratic_work() -> None:
    rows = [f"{i}\ta\ta\tX\t_\t_\t{i + 1 if i < 20_000 else 0}\tdep\t_\t_" for i in range(1, 20_001)]
    [(_, [sentence])] = read_conllu("\n".join(rows) + "\n\n")
    assert len(sentence.tokens) == 20_000


def test_a_comment_of_blanks_is_no_cubic_work() -> None:
    [(_, [sentence])] = read_conllu(
        "#" + " " * 50_000 + "x\n# a" + " b" * 50_000 + "\n" + WORD.format(head=0, misc="_") + "\n"
    )
    assert sentence.text == "Iran"


def test_a_page_in_the_cache_that_is_bent(tmp_path: Path) -> None:
    import gzip

    cache = Cache(tmp_path)
    for bent in (b"[" * 50_000, b'{"url": 5}', b'{"url": "https://a.example/", "etag": []}', b"{}"):
        path = cache._path("https://a.example/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(bent + b"\n"))
        assert cache.get("https://a.example/") is None


def test_a_document_of_paragraphs_without_end() -> None:
    body = io.BytesIO()
    docx.Document().save(body)
    paragraphs = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    for count, fine in ((10_000, True), (1_200_000, False)):
        bent = io.BytesIO()
        with zipfile.ZipFile(body) as old, zipfile.ZipFile(bent, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                data = old.read(info.filename)
                if info.filename == "word/document.xml":
                    data = data.replace(b"<w:sectPr", (paragraphs * count).encode() + b"<w:sectPr", 1)
                new.writestr(info.filename, data)
        if fine:
            assert len(documents.docx(bent.getvalue(), "a").pieces) == count
        else:
            with pytest.raises(ArticleError, match="MB when unpacked, which is not read"):
                documents.docx(bent.getvalue(), "a")
