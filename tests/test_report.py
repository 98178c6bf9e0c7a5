"""The report: valid under the schema that `dedup schema` prints, whatever was asked for, and its counts add up."""

import io
import json
import re

import orjson
import pytest
from jsonschema import Draft202012Validator
from places import TINY
from prose import body
from rich.console import Console

import dedup
from dedup.article import Article
from dedup.report.schema import schema_json
from dedup.report.terminal import print_report

SCHEMA = json.loads(schema_json())


@pytest.fixture(scope="module")
def articles() -> list[object]:
    return list(dedup.read([str(TINY)]))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("every_article", [False, True])
@pytest.mark.parametrize("with_text", [False, True])
def test_reports_are_valid(articles: list[dedup.Article], every_article: bool, with_text: bool) -> None:
    report = dedup.scan(articles, every_article=every_article)
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        json.loads(report.to_json(with_text=with_text))
    )


@pytest.mark.parametrize("every_article", [False, True])
def test_the_pieces_are_the_indented_document(articles: list[dedup.Article], every_article: bool) -> None:
    for report in (dedup.scan([]), dedup.scan(articles, every_article=every_article)):
        whole = orjson.dumps(report.to_dict(with_text=True), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        assert report.to_json(with_text=True) == whole


def test_an_empty_corpus_gives_an_empty_valid_report() -> None:
    document = json.loads(dedup.scan([]).to_json())
    Draft202012Validator(SCHEMA).validate(document)
    assert document["summary"]["articles"] == 0


def test_a_key_nobody_agreed_on_is_refused(articles: list[dedup.Article]) -> None:
    document = json.loads(dedup.scan(articles).to_json())
    document["families"][0]["republications"][0]["sim"] = 1
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_counts_add_up(articles: list[dedup.Article]) -> None:
    skipped = dedup.Skipped("broken.jsonl", 3, "not an object")
    document = json.loads(dedup.scan([*articles, skipped], every_article=True).to_json())
    summary, inputs = document["summary"], document["run"]["inputs"]
    assert summary["articles"] == summary["matched"] + summary["unmatched"] == len(document["articles"])
    assert summary["articles"] == sum(entry["articles"] for entry in inputs)
    assert summary["skipped"] == sum(entry["skipped"] for entry in inputs) == len(document["skipped"]) == 1
    assert summary["matched"] == sum(len(family["articles"]) for family in document["families"])


def test_texts_are_those_the_digests_name(articles: list[dedup.Article]) -> None:
    import xxhash

    for article in json.loads(dedup.scan(articles).to_json(with_text=True))["articles"]:
        assert xxhash.xxh3_128_hexdigest(article["text"].encode()) == article["digest"]


def test_a_terminal_shows_the_first_articles_of_a_family() -> None:
    story = body("story")
    given = [Article(f"a{at:03}", story, outlet=f"o{at}.org", published="2021-03-01") for at in range(60)]
    shown = io.StringIO()
    print_report(dedup.scan(given), Console(file=shown, width=200))
    assert shown.getvalue().count(".org  2021-03-01") == 40
    assert "… and 20 more, all in the JSON report" in shown.getvalue()


def test_a_terminal_counts_copies_of_which_it_would_say_the_same() -> None:
    story = body("story")
    given = [Article(f"a{at:02}", story) for at in range(12)]
    given += [Article("b", story, outlet="b.org", published="2021-03-01")]
    shown = io.StringIO()
    print_report(dedup.scan(given), Console(file=shown, width=200))
    (counted,) = re.findall(r"… and (\d+) more like it", shown.getvalue())
    assert int(counted) + len(re.findall(r"undated  a\d\d", shown.getvalue())) == 12
    assert len(re.findall(r"2021-03-01  b", shown.getvalue())) == 1


def test_a_terminal_counts_the_versions_of_an_article() -> None:
    given = [Article(f"a{at:02}", body("story"), outlet="a.org", published="2021-03-01") for at in range(12)]
    given += [Article("b", body("story"), outlet="b.org", published="2021-03-02")]
    shown = io.StringIO()
    print_report(dedup.scan(given), Console(file=shown, width=200))
    assert re.findall(r"also (.+)", shown.getvalue()) == ["a01", "a02", "a03", "in 8 more places"]


def test_a_terminal_tells_of_an_unseen_outlet_once() -> None:
    names = {
        "one": ("(AP)", "(AP)"),
        "two": ("(Associated Press)", "(The Associated Press)"),
        "three": ("(AP)", "(AP)"),
    }
    given = [
        Article(
            f"{story}-{at}", f"PORT ELLERY {name} – {body(story)}", outlet=f"{story}{at}.org", published="2021-03-01"
        )
        for story, used in names.items()
        for at, name in enumerate(used)
    ]
    report = dedup.scan(given)
    assert [latent.outlet for latent in report.latent_sources] == ["Associated Press"] * 3
    shown = io.StringIO()
    print_report(report, Console(file=shown, width=200))
    assert "Associated Press  named by 6 pages of 3 families" in shown.getvalue()


def test_an_outlet_takes_one_line_of_the_table_and_is_cropped_only_if_it_is_long() -> None:
    whole, long = "gacetadepuertobrisa.com", "the-combined-harbour-and-market-gazette-of-port-ellery.org"
    given = [Article(outlet, body("story"), outlet=outlet, published="2021-03-01") for outlet in (whole, long)]
    shown = io.StringIO()
    print_report(dedup.scan(given), Console(file=shown, width=80))
    table = shown.getvalue().partition("Outlets")[2]
    names = [line.split()[0] for line in table.splitlines() if ".com" in line or "…" in line]
    assert whole in names and len(names) == 2
    assert any(name.endswith("…") and long.startswith(name[:-1]) and len(name) > len(whole) for name in names)
    assert max(map(len, table.splitlines())) <= 80
