"""benchmarks/speed.py: its truth, found another way; all its stages on a small corpus; and the corpora it makes up."""

import json
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from places import ROOT

from dedup.match import Resembling

sys.path += [str(ROOT / "benchmarks"), str(ROOT / "corpora")]

import skew
from stages import core, corpus, ours, programs, ratios, scale, scripts, skewed
from stages.exact import LEAST, alike
from stages.table import Findings

ARTICLES = 200


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def test_alike_is_what_comparing_every_pair_finds() -> None:
    chooser = random.Random(5)
    words = [f"word{number}" for number in range(30)]
    texts = [" ".join(chooser.choices(words, k=60)) for _ in range(20)]
    for text in texts[:10] * 6:
        copy = text.split()
        for _ in range(chooser.randint(0, 4)):
            copy[chooser.randrange(len(copy))] = chooser.choice(words)
        texts.append(" ".join(copy[: chooser.randint(40, 60)]))
    sets = [runs(text) for text in texts]
    places = [(left, right) for right in range(len(sets)) for left in range(right)]
    expected = {(a, b) for a, b in places if len(sets[a] & sets[b]) >= LEAST * len(sets[a] | sets[b])}
    assert 20 < len(expected) < len(places) / 2
    assert alike(texts) == expected


def test_a_text_without_a_run_is_refused() -> None:
    with pytest.raises(ValueError, match="a text of 2 words"):
        alike(["one two three four five six", "one two"])


@pytest.fixture(scope="module")
def example() -> Path:
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not on the PATH, and the stages inside the core are timed by a Rust program")
    return core.build("dev")  # as `cargo test` left it


def test_every_stage_is_measured_and_nothing_is_wrong(example: Path, tmp_path: Path) -> None:
    made = corpus.build(tmp_path, ARTICLES, 3)
    cues = core.write_cues(tmp_path / "cues.json")
    found = programs.measure(made, programs.Programs(example, cues, {}), cores=1, runs=1)
    assert found.wrong == []
    assert found.missing == {}
    expected = {*ours.STAGES, *core.OF_THE_FILE, *core.OF_THE_PAGES, *ratios.SCANS}
    assert {row.stage for row in found.rows} == expected
    assert all(row.seconds > 0 for row in found.rows)
    assert {row.stage for row in found.rows if row.recall is not None} == {"pairs", *ratios.SCANS}
    assert {name for name, _ in found.figures} == {f"{scan} / orjson.loads, 1 core" for scan in ratios.SCANS}
    record = json.loads(json.dumps(found.as_record()))
    assert len(record["rows"]) == len(expected)
    assert len(found.written().splitlines()) == 1 + len(expected) + 1 + len(found.figures)


def test_scripts_stand_beside_curly_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(example: Path, path: Path, cues: Path, cores: int) -> dict[str, dict[str, float]]:
        return {stage: {"seconds": 0.5, "checked": 20} for stage in (*core.OF_THE_FILE, *core.OF_THE_PAGES)}

    monkeypatch.setattr(core, "run", told)
    monkeypatch.setattr(scripts, "SCRIPTS", {"english": "curly English", "chinese": "Chinese"})
    found = scripts.measure(tmp_path, 20, 1, (tmp_path, tmp_path), runs=1)
    assert found.wrong == []
    rates = {(row.corpus, row.stage): row.megabytes_per_second for row in found.rows}
    share = rates["Chinese", "words"] / rates["curly English", "words"]
    assert found.figures["words, Chinese / curly English", "x"] == share
    assert any(name.startswith("slowest script's share") for name, _ in found.figures)


def test_a_pair_of_groups_stands_for_all_pairs_between_them() -> None:
    ends = np.array([0], np.uint32), np.array([1], np.uint32)
    found = Resembling(np.array([0, 1, 0, -1, 1, 5]), *ends, np.array([0.8]), 0)
    assert sorted(ours.all_pairs(found)) == [(0, 1), (0, 2), (0, 4), (1, 2), (1, 4), (2, 4)]


def test_reports_are_the_same_but_for_their_run_block(tmp_path: Path) -> None:
    reports = {}
    for name, seconds, articles in (("one", 1.5, 3), ("other", 9.25, 3), ("different", 1.5, 4)):
        reports[name] = tmp_path / name
        run = {"seconds": seconds, "options": {"threshold": 0.5}, "inputs": [{"path": "a"}]}
        document = {"schema": "dedup.report/1", "run": run, "summary": {"articles": articles}}
        reports[name].write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    one, other, different = map(scale.digest_without_run, reports.values())
    assert one == other != different


def test_recall_is_that_of_planted_copies_in_the_family_of_their_source(tmp_path: Path) -> None:
    rows = [("b", "a", 0.9), ("c", "a", 0.85), ("e", "d", 0.95), ("f", "d", 0.4)]
    truth = [{"copy": copy, "source": source, "kind": "reprint", "shared": shared} for copy, source, shared in rows]
    lines = [{"article": "a", "start": 0, "end": 1}, *truth]
    (tmp_path / "corpus.truth.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    matches = [{"left": "a", "right": "b"}, {"left": "b", "right": "c"}, {"left": "c", "right": "x"}]
    report = {"families": [{"articles": ["a", "b", "c", "x"], "matches": matches}]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    found = scale.recalled(tmp_path / "report.json", tmp_path / "corpus.jsonl")
    assert (found.pairs, found.recall, found.precision) == (3, 2 / 3, 2 / 3)


@pytest.mark.parametrize("kind", skew.KINDS)
def test_uneven_corpora_hold_what_they_should(kind: str) -> None:
    size = 5000 if kind == "one-huge-article" else 30
    data = b"".join(skew.KINDS[kind](size, 2))
    assert data == b"".join(skew.KINDS[kind](size, 2))
    pages = [json.loads(line) for line in data.splitlines()]
    assert len({page["id"] for page in pages}) == len(pages) == skewed.given(kind, size)
    words = [page["text"].split() for page in pages]
    if kind == "one-huge-article":
        assert [len(page["text"]) for page in pages if page["id"] == "huge"] == [size]
    if kind == "one-outlet":
        assert len({page["outlet"] for page in pages}) == 1
        assert len({" ".join(page[-skew.FOOTER_WORDS :]) for page in words}) == 1
        assert len({" ".join(page[: -skew.FOOTER_WORDS]) for page in words}) == len(pages)
    if kind == "one-wire-story":
        assert len({page["text"] for page in pages}) == len(pages)
    if kind == "shorter-than-a-shingle":
        assert {len(page) for page in words} == {1, 2, 3, 4}


def test_what_is_missing_and_what_is_worth_a_line_stands_under_the_table() -> None:
    found = Findings(missing={"a peer": "failed: why"}, notes=["a note"])
    found.add(Findings(figures={("import dedup", "ms"): 12.5}))
    assert found.written().splitlines()[1:] == ["a peer: failed: why", "a note", "", "     12.50 ms  import dedup"]
    assert found.as_record()["figures"] == {"import dedup, ms": 12.5}
