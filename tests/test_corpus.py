"""The corpus door: order changes nothing, every input is accounted for, what cannot be used is refused."""

import random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import body, paragraphs

import dedup
from dedup.article import Article, Mark, Skipped
from dedup.errors import UsageError
from dedup.report.model import Report

STORY, OTHER = body("story"), body("other")


def article(id_: str, text: str = STORY, **known: object) -> Article:
    known.setdefault("url", f"https://{id_}.test/2021/03/0{len(id_)}/x")
    return Article(id_, text, **known)  # type: ignore[arg-type]


def without_run(report: Report) -> bytes:
    document = orjson.loads(report.to_json(with_text=True))
    inputs = document.pop("run")["inputs"]
    return orjson.dumps([document, inputs])


def families(report: Report) -> list[set[str]]:
    return [set(family.articles) for family in report.families]


FOOTER = "Support the Rain Post in its work. Donate: https://paypal.me/rainpost"
INPUTS: list[Article | Skipped] = [
    article("a", published="2021-03-01", outlet="Rain Post", title="Storm"),
    article("b", STORY + "\n\n" + FOOTER, published="2021-03-02T10:00:00Z", byline="By Rain Post"),
    article("c", "\n\n".join(paragraphs("story")[1:]), published="2021-03-02T10:00:00Z"),
    article("c", "\n\n".join(paragraphs("story")[:3]), published="2021-03-02T10:00:00Z"),
    article("d", STORY, url="https://a.test/again", outlet="Rain Post"),
    article("e", OTHER, marks=(Mark("canonical", "https://f.test/x"),)),
    article("f", OTHER, path="pages.jsonl", line=3),
    article("f", OTHER, path="pages.jsonl", line=7),
    article("g", body("alone")),
    article("h", "...\n\n!"),
    article("i", " \n ", path="pages.jsonl", line=9),
    article("j", STORY, url=None, outlet=None),
    Skipped("pages.jsonl", 4, "not an object"),
    Skipped("broken.gz", None, "truncated"),
]
EXPECTED = [{"a", "b", "c", "c~2", "d", "j"}, {"e", "f"}]


def test_the_corpus_has_two_families() -> None:
    assert families(dedup.scan(INPUTS)) == EXPECTED


@settings(max_examples=15)
@given(st.permutations(INPUTS), st.booleans())
def test_the_order_of_inputs_changes_no_byte(shuffled: list[Article | Skipped], every_article: bool) -> None:
    one, other = (dedup.scan(items, every_article=every_article) for items in (INPUTS, shuffled))
    assert without_run(one) == without_run(other)


def test_inputs_may_come_one_by_one() -> None:
    assert without_run(dedup.scan(iter(INPUTS))) == without_run(dedup.scan(INPUTS))


def test_an_article_that_matches_nothing_changes_no_family() -> None:
    before, after = (dedup.scan([*INPUTS, *more]).to_dict() for more in ([], [article("stranger", body("stranger"))]))
    assert before["families"] == after["families"]


@settings(max_examples=15)
@given(st.lists(st.sampled_from(INPUTS), max_size=20))
def test_every_input_is_read_or_skipped(items: list[Article | Skipped]) -> None:
    report = dedup.scan(items, every_article=True)
    assert report.read + len(report.skipped) == len(items)
    assert report.read == len(report.articles)
    assert report.matched == sum(len(family.articles) for family in report.families)
    document = report.to_dict()
    summary = document["summary"]
    assert summary["articles"] == summary["matched"] + summary["unmatched"]  # type: ignore[index]
    assert sum(entry.articles for entry in report.inputs) == report.read
    assert sum(entry.skipped for entry in report.inputs) == len(report.skipped)
    ids = [reported.article.id for reported in report.articles]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("every_article", [False, True])
def test_every_article_lists_the_unmatched_too(every_article: bool) -> None:
    report = dedup.scan(INPUTS, every_article=every_article)
    listed = [reported.article.id for reported in report.articles]
    matched = sorted(id_ for family in EXPECTED for id_ in family)
    assert listed == sorted([*matched, "g", "h"] if every_article else matched)
    assert (report.read, report.matched) == (10, 8)


def test_one_id_for_two_articles_is_told_apart() -> None:
    report = dedup.scan([article("a", STORY), article("a", OTHER), article("a", body("third"))], every_article=True)
    assert sorted(reported.article.id for reported in report.articles) == ["a", "a~2", "a~3"]
    assert {reported.article.text for reported in report.articles} == {STORY, OTHER, body("third")}
    assert report.skipped == ()


def test_a_repeated_record_takes_no_number() -> None:
    report = dedup.scan([article("a", text) for text in (STORY, OTHER, STORY, OTHER, STORY)], every_article=True)
    assert [reported.article.id for reported in report.articles] == ["a", "a~2"]
    assert len(report.skipped) == 3


@pytest.mark.parametrize(
    "known",
    [{"title": "Storm"}, {"url": "https://z.test"}, {"published": "2021-03-01"}, {"byline": "By Jane Doe"},
     {"marks": (Mark("canonical", "https://z.test"),)}, {"language": "en"}, {"fetched": "2021-03-01"}],
)  # fmt: skip
def test_whatever_a_source_says_makes_another_record(known: dict[str, object]) -> None:
    report = dedup.scan([article("a"), article("a", **known)])
    assert families(report) == [{"a", "a~2"}]


def test_the_same_record_twice_is_read_once() -> None:
    items = [article("a", path="x.jsonl", line=2), article("b"), article("a", path="x.jsonl", line=9)]
    report = dedup.scan(items)
    assert families(report) == [{"a", "b"}]
    assert report.skipped == (Skipped("x.jsonl", 9, "article a: the same record stands at x.jsonl:2"),)


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0\u2003"])
def test_empty_texts_are_skipped_and_counted(text: str) -> None:
    report = dedup.scan([article("a", text, path="x.jsonl", line=5), article("b")], every_article=True)
    assert report.skipped == (Skipped("x.jsonl", 5, "article a: the text is empty"),)
    assert [(entry.path, entry.articles, entry.skipped) for entry in report.inputs] == [
        ("(memory)", 1, 0),
        ("x.jsonl", 0, 1),
    ]


@pytest.mark.parametrize("broken", [{"text": STORY + "\ud83d"}, {"title": "Storm \udc00"}, {"path": "caf\udce9.html"}])
def test_half_a_surrogate_pair_is_named_and_nothing_else_is_lost(broken: dict[str, str]) -> None:
    text = broken.pop("text", STORY)
    report = dedup.scan([article("a"), article("b"), article("bad", text, **broken)])
    (skipped,) = report.skipped
    assert "bad" in skipped.reason
    assert "surrogate" in skipped.reason
    assert report.to_json()
    assert families(report) == [{"a", "b"}]


def test_what_a_reader_skipped_passes_through() -> None:
    skipped = (Skipped("a.warc", 7, "no record"), Skipped("b.csv", None, "no text column"))
    assert dedup.scan(reversed(skipped)).skipped == skipped


def test_nothing_in_gives_nothing_out() -> None:
    report = dedup.scan([])
    assert (report.read, report.matched, report.families, report.articles, report.inputs) == (0, 0, (), (), ())


@pytest.mark.parametrize("threshold", [0, -0.1, 1.0001, 50, float("nan"), float("inf")])
def test_a_threshold_that_is_no_share_is_refused(threshold: float) -> None:
    with pytest.raises(UsageError, match="threshold"):
        dedup.scan([article("a"), article("b")], threshold=threshold)


@pytest.mark.parametrize(
    ("threshold", "count"),
    # Of 156 shingles of each body 116 are shared: three of four paragraphs of 40 words.
    [(1e-9, 1), (0.5, 1), (116 / 156, 1), (117 / 156, 0), (1, 0)],
)
def test_the_threshold_is_the_least_containment(threshold: float, count: int) -> None:
    changed = "\n\n".join([*paragraphs("story")[:3], *paragraphs("fourth", 1)])
    report = dedup.scan([article("a"), article("b", changed)], threshold=threshold)
    assert len(report.families) == count
    assert report.run.options["threshold"] == threshold


def test_progress_names_the_stages_in_order() -> None:
    stages: list[str] = []
    dedup.scan([article("a")], progress=stages.append)
    assert stages == ["reading", "boilerplate", "matching", "provenance", "report"]


def test_ids_and_texts_come_back_as_they_were() -> None:
    odd = "\ufeff" + STORY.replace("ash", "as\u00adh") + "\u2028\r\n\x00 \U0001f469"
    items = [article("ü/1 \n?", odd, url=None, outlet="A"), article("b", STORY)]
    reported = {r.article.id: r for r in dedup.scan(items).articles}
    assert reported["ü/1 \n?"].article == items[0]


def test_a_large_family_of_one_body_keeps_all_its_articles() -> None:
    items = [article(f"x{i:03}", published=f"2021-03-{1 + i % 28:02}") for i in range(120)]
    random.Random(3).shuffle(items)
    report = dedup.scan(items)
    assert families(report) == [{item.id for item in items}]
    assert report.capped > 0


def test_a_name_given_to_a_second_article_is_nobody_elses() -> None:
    items = [article("g", body(seed), url=f"https://{seed}.test/1") for seed in ("one", "two", "three")]
    items.append(article("g~2", body("four"), url="https://four.test/1"))
    ids = [entry.article.id for entry in dedup.scan(items, every_article=True).articles]
    assert sorted(ids) == ["g", "g~2", "g~3", "g~4"]
