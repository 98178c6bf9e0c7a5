"""corpora/tiny: every true edge found, no false one, the same bytes whatever the order."""

import json
import random
from functools import cache

import pytest
from places import TINY

import dedup
from dedup.article import Article
from dedup.readers import read

TRUTH = json.loads((TINY / "truth.json").read_text(encoding="utf-8"))
# An excerpt of less than half of either body is a link between families, not an edge of one.
EDGES = [edge for edge in TRUTH["edges"] if edge["kind"] != "excerpt"]


@cache
def articles() -> tuple[Article, ...]:
    items = tuple(read([str(TINY)]))
    assert all(isinstance(item, Article) for item in items)
    return items  # type: ignore[return-value]


@cache
def report() -> dict[str, object]:
    found: dict[str, object] = json.loads(dedup.scan(articles(), every_article=True).to_json())
    return found


def edges() -> dict[tuple[str, str], dict[str, object]]:
    """Return the republications found, an unseen source as `latent:<outlet>` as truth.json writes it."""
    unseen = {latent["id"]: f"latent:{latent['outlet']}" for latent in report()["latent_sources"]}
    return {
        (unseen.get(edge["source"], edge["source"]), edge["copy"]): edge
        for family in report()["families"]
        for edge in family["republications"]
    }


def test_the_corpus_is_read_whole() -> None:
    assert len(articles()) == 30


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge['source']} -> {edge['copy']}")
def test_every_true_edge_is_found_with_its_direction_and_kind(edge: dict[str, str]) -> None:
    found = edges().get((edge["source"], edge["copy"]))
    assert found is not None
    assert found["direction"] == "determined"
    assert found["kind"] == edge["kind"]


@pytest.mark.parametrize(
    "edge", [edge for edge in EDGES if edge["credit"]], ids=lambda edge: f"{edge['copy']} {edge['credit']}"
)
def test_what_each_copy_credits(edge: dict[str, str]) -> None:
    assert edges()[edge["source"], edge["copy"]]["credit"] == edge["credit"]


def test_no_false_edge() -> None:
    assert set(edges()) == {(edge["source"], edge["copy"]) for edge in EDGES}


def test_the_excerpt_is_the_only_link() -> None:
    (edge,) = (edge for edge in TRUTH["edges"] if edge["kind"] == "excerpt")
    (link,) = report()["links"]
    assert {key: link[key] for key in ("source", "copy", "kind", "credit")} == {
        key: edge[key] for key in ("source", "copy", "kind", "credit")
    }
    assert link["direction"] == "determined"
    assert [passage["words"] for passage in link["passages"]] == [112]
    assert not any(edge["copy"] in family["articles"] for family in report()["families"])


def test_the_families_are_the_true_ones() -> None:
    assert sorted(family["articles"] for family in report()["families"]) == sorted(
        sorted(family) for family in TRUTH["families"]
    )


@pytest.mark.parametrize("pair", TRUTH["not_matches"], ids=lambda pair: f"{pair[0]} {pair[1]}")
def test_traps_do_not_match(pair: list[str]) -> None:
    assert not any({pair[0], pair[1]} <= set(family["articles"]) for family in report()["families"])


def test_every_span_quotes_its_text() -> None:
    texts = {article.id: article.text for article in articles()}
    for article in report()["articles"]:
        for item in article["evidence"]:
            if item["start"] is not None:
                assert texts[item["article"]][item["start"] : item["end"]] == item["quote"]
    for edge in [*report()["links"], *(e for family in report()["families"] for e in family["republications"])]:
        for passage in edge["passages"]:
            span = passage["source"]
            assert texts[edge["source"]][span["start"] : span["end"]] == passage["text"]
        for edit in (edit for edit in edge["edits"] if edit["kind"] != "headline"):
            for side in ("source", "copy"):
                span = edit[side] or {"start": 0, "end": 0}
                assert texts[edge[side]][span["start"] : span["end"]] == edit[f"{side}_text"]


def body_ranges(article_id: str) -> list[tuple[int, int]]:
    article = next(a for a in report()["articles"] if a["id"] == article_id)
    return [(block["start"], block["end"]) for block in article["boilerplate"]]


@pytest.mark.parametrize("article_id", sorted(TRUTH["bodies"]))
def test_little_of_any_body_is_lost_to_boilerplate(article_id: str) -> None:
    start, end = TRUTH["bodies"][article_id]
    marked = sum(max(0, min(end, e) - max(start, s)) for s, e in body_ranges(article_id))
    assert marked <= 0.03 * (end - start)


def test_the_same_bytes_whatever_the_order() -> None:
    def without_run(items: list[Article]) -> bytes:
        document = dedup.scan(items).to_dict(with_text=True)
        document.pop("run")
        return json.dumps(document).encode()

    shuffled = list(articles())
    random.Random(7).shuffle(shuffled)
    assert without_run(list(articles())) == without_run(list(articles())) == without_run(shuffled)


def test_a_chain_of_four_whose_credits_stand_in_two_languages() -> None:
    # Espejo Serrano took the text from Voz de Alcorejo and says so in Spanish. An English site takes it on, changes a
    # name and credits the Spanish one in English; a fourth takes that, with its change, and credits in Spanish again.
    espejo = next(article for article in articles() if article.id == "espejo-1")
    start, end = TRUTH["bodies"]["espejo-1"]
    third = espejo.text[start:end].replace("Nicanor Tol", "Nicanor Toll").replace("cuatro millas", "cinco millas")
    fourth = third.replace("una niña su diente de leche", "un niño su diente de leche")
    further = [
        Article(
            "lantern-9",
            f"{third}\n\nThis article was originally published by Espejo Serrano. Republished with permission.",
            url="https://copperlantern.net/2021/10/17/the-bell-of-alcorejo/",
            outlet="The Copper Lantern",
            title="The bell of Alcorejo (in Spanish)",
            published="2021-10-17T09:00:00Z",
        ),
        Article(
            "brujula-9",
            f"{fourth}\n\nPublicado originalmente en The Copper Lantern.",
            url="https://brujulanortena.com/cultura/la-campana",
            outlet="Brújula Norteña",
            title="Una campana para el faro",
            published="2021-10-19T12:00:00+02:00",
        ),
    ]
    found = json.loads(dedup.scan([*articles(), *further]).to_json())
    (family,) = (family for family in found["families"] if "brujula-9" in family["articles"])
    assert family["origin"]["article"] == "alcorejo-1"
    assert ["alcorejo-1", "espejo-1", "lantern-9", "brujula-9"] in family["chains"]
    told = {edge["copy"]: edge["credit"] for edge in family["republications"]}
    assert told["espejo-1"] == "credited"
    assert told["lantern-9"] == told["brujula-9"] == "middleman"
    rules = {item["rule"].split(".")[0] for edge in family["republications"] for item in edge["evidence"]}
    assert {"en", "es"} <= rules
