"""Cascades of republication: the same bytes for the same plan, and a truth that the texts bear out."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from places import ROOT

sys.path.append(str(ROOT / "corpora"))

from synthesis.cascades import CascadeTruth, Plan, cascades
from synthesis.phrases import LANGUAGES
from synthesis.presses import agencies, presses

from dedup.outlets import Directory
from dedup.provenance.names import Page, same_name
from dedup.provenance.rulebook import EvidenceClass, rule_book
from dedup.readers import read

PLAN = Plan(120, 5, clocks="clean", missing=0.2)


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[dict[str, object], CascadeTruth]]:
    return {truth.article: (page, truth) for page, truth in cascades(PLAN)}


def runs(text: object) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", str(text).lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def test_the_same_plan_makes_the_same_articles(made: dict[str, tuple[dict[str, object], CascadeTruth]]) -> None:
    assert list(cascades(PLAN)) == list(made.values())
    assert list(cascades(replace(PLAN, seed=6))) != list(made.values())


def test_the_command_writes_what_the_library_makes(tmp_path: object) -> None:
    target = f"{tmp_path}/made.jsonl"
    asked = ["--cascades", "20", "--clocks", "lying", "--missing", "0.3", "--no-credits", "--seed", "3", "-o", target]
    subprocess.run([sys.executable, str(ROOT / "corpora" / "synthesize.py"), *asked], check=True)
    pages = [page for page, _ in cascades(Plan(20, 3, "lying", 0.3, credits=False))]
    assert [(article.id, article.text) for article in read([target])] == [(p["id"], p["text"]) for p in pages]  # type: ignore[union-attr]


def test_ancestors_came_first_and_are_in_the_corpus(made: dict[str, tuple[dict[str, object], CascadeTruth]]) -> None:
    for page, truth in made.values():
        line = [made[id_] for id_ in truth.ancestors]
        assert {above.family for _, above in line} <= {truth.family}
        times = [datetime.fromisoformat(t.time) for t in (truth, *(above for _, above in line))]
        assert times == sorted(times, reverse=True)
        stamps = [datetime.fromisoformat(str(p["published"])) for p in (page, *(above for above, _ in line))]
        assert stamps == sorted(stamps, reverse=True)  # these clocks are clean
        assert (truth.parent is None) <= (truth.ancestors == ())


def test_copies_hold_the_text_of_their_ancestors(made: dict[str, tuple[dict[str, object], CascadeTruth]]) -> None:
    held = []
    for page, truth in made.values():
        for above in truth.ancestors:
            mine, its = runs(page["text"]), runs(made[above][0]["text"])
            held.append(len(mine & its) / min(len(mine), len(its)))
    # Chinese is not split into words here.
    assert len(held) > 300
    assert sorted(held)[len(held) // 10] > 0.4


def test_articles_that_are_no_copies_share_little(made: dict[str, tuple[dict[str, object], CascadeTruth]]) -> None:
    alone = [(page, truth) for page, truth in made.values() if truth.family is None]
    assert len(alone) > 40
    assert all(truth.parent is truth.origin is truth.credit is None for _, truth in alone)


def test_credit_labels_are_what_the_page_says(made: dict[str, tuple[dict[str, object], CascadeTruth]]) -> None:
    outlet = {id_: str(page["outlet"]) for id_, (page, _) in made.items()}
    for page, truth in made.values():
        text = str(page["text"])
        if truth.credit == "credited":
            assert truth.origin is not None
            assert outlet[truth.origin] in text
        if truth.credit == "middleman":
            assert any(outlet[above] in text for above in truth.ancestors[:-1] or truth.ancestors)
        if truth.named:
            initials = "".join(word[0] for word in (truth.latent or "").split())
            assert truth.latent is not None
            assert truth.latent in text or f"({initials})" in text
    counts = Counter(truth.credit for _, truth in made.values())
    assert min(counts[label] for label in ("credited", "middleman", "uncredited", "miscredited", "latent")) > 5


def test_what_is_missing_is_missing(made: dict[str, tuple[dict[str, object], CascadeTruth]]) -> None:
    whole = {truth.article for _, truth in cascades(replace(PLAN, missing=0.0))}
    lost = {t.parent for _, t in made.values() if t.parent is not None} - set(made)
    assert len(lost) > 20
    assert whole  # with nothing missing, only agencies are
    gone = [truth for _, truth in cascades(replace(PLAN, missing=0.0)) if truth.family and truth.latent]
    assert gone
    assert all((truth.latent or "").endswith("Press Agency") for truth in gone)


@pytest.mark.parametrize("clocks", ["noisy", "lying"])
def test_clocks_that_are_not_clean_turn_some_orders_round(clocks: str) -> None:
    made = {truth.article: (page.get("published"), truth) for page, truth in cascades(replace(PLAN, clocks=clocks))}
    assert any(stamp is None for stamp, _ in made.values())
    assert any(len(str(stamp)) == 10 for stamp, _ in made.values())
    exact = {
        id_: datetime.fromisoformat(str(s)) for id_, (s, _) in made.items() if s and re.search(r"[+-]\d\d:", str(s))
    }
    pairs = [(above, id_) for id_, (_, t) in made.items() for above in t.ancestors if {above, id_} <= exact.keys()]
    turned = sum(exact[above] > exact[id_] for above, id_ in pairs)
    assert 0 < turned < len(pairs) / 2


def test_without_credits_nobody_is_credited() -> None:
    texts = [str(page["text"]) for page, _ in cascades(replace(PLAN, credits=False))]
    openings = [line.split("{")[0] for line in LANGUAGES["en"].credits]
    assert not any(line.startswith(opening) for text in texts for line in text.split("\n\n") for opening in openings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_read_every_credit_line(language: str) -> None:
    import random

    press = presses(random.Random(1), "clean")[language][0]
    agency = agencies(random.Random(1), 1)[0]
    directory = Directory.of([((press.domain, press.name), 1)])
    for line in press.phrases.credits:
        for name in (press.name, agency) if "{domain}" not in line else (press.name,):
            said = line.format(name=name, domain=press.domain, title="Dockers end their strike")
            page = Page.of(said, directory)
            hits = rule_book().statements([said])[said]
            declared = [
                page.slot(*hit.outlet, agency=True)
                for hit in hits
                if hit.outlet and rule_book().naming[hit.pattern].evidence_class is EvidenceClass.DECLARED
            ]
            assert any(found is not None and same_name(found, name) for found in declared), said
