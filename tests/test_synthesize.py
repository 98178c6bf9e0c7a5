"""corpora/synthesize.py: the same bytes for the same seed, and a truth that the text itself bears out."""

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from places import ROOT

sys.path.append(str(ROOT / "corpora"))

import synthesize
from synthesis import SCRIPTS, articles

COUNT = 600
SHARE = 0.2


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "made.jsonl"
    synthesize.write(path, COUNT, 7, republications=SHARE)
    return path


@pytest.fixture(scope="module")
def pages(corpus: Path) -> dict[str, dict[str, str]]:
    return {page["id"]: page for page in map(json.loads, corpus.read_text(encoding="utf-8").splitlines())}


@pytest.fixture(scope="module")
def truth(corpus: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in synthesize.truth_path(corpus).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def bodies(pages: dict[str, dict[str, str]], truth: list[dict[str, object]]) -> dict[str, str]:
    rows = [row for row in truth if "article" in row]
    return {row["article"]: pages[row["article"]]["text"][row["start"] : row["end"]] for row in rows}


def five_words(body: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", body.replace("’", "").replace("'", "").lower())
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def test_the_command_writes_the_same_bytes_for_the_same_seed(corpus: Path, tmp_path: Path) -> None:
    asked = ["--articles", str(COUNT), "--republications", str(SHARE), "-o", str(tmp_path / "again.jsonl")]
    command = [sys.executable, str(ROOT / "corpora" / "synthesize.py"), *asked]
    subprocess.run([*command, "--seed", "7"], check=True)
    assert (tmp_path / "again.jsonl").read_bytes() == corpus.read_bytes()
    assert (tmp_path / "again.truth.jsonl").read_bytes() == synthesize.truth_path(corpus).read_bytes()
    subprocess.run([*command, "--seed", "8"], check=True)
    assert (tmp_path / "again.jsonl").read_bytes() != corpus.read_bytes()


@pytest.mark.parametrize("count", [0, 1, 2, 7, 50])
def test_as_many_articles_as_asked_for(count: int) -> None:
    ids = [article["id"] for article in articles(count, 3, republications=0.5)]
    assert len(set(ids)) == len(ids) == count


def test_the_words_are_as_many_and_as_skewed_as_in_news(bodies: dict[str, str]) -> None:
    words = [word for body in bodies.values() for word in re.findall(r"[\w’']+", body.lower())]
    counts = Counter(words)
    assert 400 < len(words) / len(bodies) < 500
    assert 0.03 < counts.most_common(1)[0][1] / len(words) < 0.1
    assert len(counts) > 20_000
    assert 4 < sum(map(len, words)) / len(words) < 6


def test_nearly_every_page_holds_a_curly_quote_or_a_dash(pages: dict[str, dict[str, str]]) -> None:
    assert 0.97 < sum(bool(re.search("[“”’–]", page["text"])) for page in pages.values()) / COUNT < 1


def test_each_article_has_a_body_and_no_line_of_it_is_the_pages_own(bodies: dict[str, str]) -> None:
    assert len(bodies) == COUNT
    assert all(body == body.strip() and body[-1] in ".”" and "©" not in body for body in bodies.values())


def test_a_copy_shares_what_the_truth_says(bodies: dict[str, str], truth: list[dict[str, object]]) -> None:
    copies = [row for row in truth if "copy" in row]
    assert len(copies) == SHARE * COUNT
    for row in copies:
        copy, source = five_words(bodies[row["copy"]]), five_words(bodies[row["source"]])
        assert row["shared"] <= len(copy & source) / len(copy) < row["shared"] + 0.0001
        assert copy != source


def test_a_copy_comes_after_its_source_at_another_outlet(
    pages: dict[str, dict[str, str]], truth: list[dict[str, object]]
) -> None:
    place = {identity: at for at, identity in enumerate(pages)}
    copies = [row for row in truth if "copy" in row]
    assert {row["kind"] for row in copies} == {"reprint", "abridgement"}
    for row in copies:
        copy, source = pages[row["copy"]], pages[row["source"]]
        assert place[row["source"]] < place[row["copy"]]
        assert source["published"][:10] <= copy["published"][:10]
        assert source["outlet"] != copy["outlet"]
    assert any(pages[row["copy"]]["title"] == pages[row["source"]]["title"] for row in copies)


def test_articles_that_are_no_copies_of_each_other_share_next_to_nothing(bodies: dict[str, str]) -> None:
    alone = [five_words(article["text"]) for article in articles(100, 11, republications=0)]
    shared = [len(a & b) / min(len(a), len(b)) for at, a in enumerate(alone) for b in alone[:at]]
    # Pages of one outlet share its boilerplate; of two, at most stock phrases.
    assert sorted(shared)[len(shared) // 2] < 0.05


def test_a_few_stories_have_most_of_the_copies() -> None:
    from synthesis.plan import copy_counts

    counts = copy_counts(4000)
    assert counts.sum() == 4000
    assert (counts > 100).sum() >= 3
    assert (counts == 1).sum() > len(counts) / 3


def test_boilerplate_is_the_same_on_all_pages_of_an_outlet(
    pages: dict[str, dict[str, str]], bodies: dict[str, str]
) -> None:
    found, legal = defaultdict(set), defaultdict(set)
    with_any = 0
    for identity, page in pages.items():
        tail = page["text"].partition(bodies[identity])[2]
        start = re.search(r"^(Share|Tell|Like|Print)", tail, re.MULTILINE)
        if start:
            with_any += 1
            found[page["outlet"]].add(tail[start.start() :])
            for block in tail.split("\n\n"):
                legal[block].add(page["outlet"])
    assert len(found) > 40
    assert all(len(tails) == 1 for tails in found.values())
    assert 0.5 < with_any / COUNT < 0.6
    assert any(len(outlets) > 3 and len(block.split()) > 30 for block, outlets in legal.items())


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_is_written_in_its_own_letters(script: str) -> None:
    letters = {"russian": "[а-яё]", "arabic": "[؀-ۿ]", "chinese": "[一-鿿]", "latin": "[ß-ž]"}.get(script, "[a-z]")
    text = "".join(str(article["text"]) for article in articles(20, 1, script=script))
    assert len(re.findall(letters, text)) > len(text) * (0.05 if script == "latin" else 0.7)
    assert text.isascii() == (script == "ascii")
