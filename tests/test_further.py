"""Further sources: the passages of a copy that its source lacks, and the earlier article that has them."""

import io
import json

import pytest
from prose import paragraphs, sentence_of
from rich.console import Console

import dedup
from dedup.article import Article
from dedup.report.model import Report
from dedup.report.terminal import print_report

STORY, OTHER = paragraphs("story", 6), paragraphs("other story", 6)
NAMES = {
    "watch": ("Northern Watch", "northernwatch.org"),
    "herald": ("Dry Herald", "dryherald.org"),
    "ledger": ("Harbour Ledger", "harbourledger.com"),
    "post": ("Rain Post", "rainpost.net"),
}


def article(outlet: str, parts: list[str], published: str | None) -> Article:
    name, domain = NAMES[outlet]
    return Article(outlet, "\n\n".join(parts), url=f"https://{domain}/1", outlet=name, published=published)


def further(report: Report) -> dict[str, list[tuple[str, list[str]]]]:
    """Return for each copy its further sources, each with the passages they share as the copy has them."""
    return {
        edge.copy: [(other.source, [passage.text for passage in other.passages]) for other in edge.further]
        for family in report.families
        for edge in family.republications
        if edge.further
    }


def merged(published: str | None = "2021-03-09", at: int = 6) -> Article:
    """Return a copy of all of the Watch's story with three paragraphs of the Herald's in it."""
    return article("ledger", [*STORY[:at], *OTHER[:3], *STORY[at:]], published)


def test_a_page_that_is_put_together_from_two() -> None:
    watch, herald = article("watch", STORY, "2021-03-01"), article("herald", OTHER[:4], "2021-03-02")
    report = dedup.scan([watch, herald, merged()])
    # The paragraphs stand one behind the other in both.
    assert further(report) == {"ledger": [("herald", ["\n\n".join(OTHER[:3]).rstrip(".")])]}
    (edge,) = (edge for family in report.families for edge in family.republications if edge.copy == "ledger")
    assert edge.source == "watch"
    (passage,) = edge.further[0].passages
    assert passage.copy.of(merged().text) == passage.text


def test_the_report_and_the_terminal_tell_of_it() -> None:
    report = dedup.scan([article("watch", STORY, "2021-03-01"), article("herald", OTHER[:4], "2021-03-02"), merged()])
    document = json.loads(report.to_json())
    told = [edge for family in document["families"] for edge in family["republications"] if edge["further_sources"]]
    ((other,),) = [edge["further_sources"] for edge in told]
    assert (other["source"], [passage["words"] for passage in other["passages"]]) == ("herald", [120])
    shown = io.StringIO()
    print_report(report, Console(file=shown, width=200))
    assert "120 more words as in dryherald.org" in shown.getvalue()


def test_passages_in_two_places() -> None:
    parts = [OTHER[0], *STORY, OTHER[1], OTHER[2]]
    report = dedup.scan(
        [
            article("watch", STORY, "2021-03-01"),
            article("herald", OTHER[:4], "2021-03-02"),
            article("ledger", parts, "2021-03-09"),
        ]
    )
    assert further(report) == {"ledger": [("herald", ["\n\n".join(OTHER[1:3]).rstrip("."), OTHER[0].rstrip(".")])]}


@pytest.mark.parametrize(
    ("herald", "ledger"),
    [
        # Who came later may have had them from the copy; of whom nobody knows when he came, nobody knows.
        ("2021-03-20", "2021-03-09"),
        (None, "2021-03-09"),
        ("2021-03-09", "2021-03-09"),
    ],
)
def test_only_an_earlier_article_is_a_source(herald: str | None, ledger: str) -> None:
    report = dedup.scan([article("watch", STORY, "2021-03-01"), article("herald", OTHER[:4], herald), merged(ledger)])
    assert len(report.families) == 1
    assert further(report) == {}


def test_what_the_source_holds_too_needs_no_other() -> None:
    # The Herald took it from the Watch as the Ledger did.
    both = [*STORY, *OTHER[:3]]
    report = dedup.scan(
        [
            article("watch", both, "2021-03-01"),
            article("herald", OTHER[:3], "2021-03-03"),
            article("ledger", [*both, sentence_of("own", 40)], "2021-03-09"),
        ]
    )
    assert further(report) == {}


def test_what_a_copy_adds_of_its_own_has_no_source() -> None:
    report = dedup.scan(
        [
            article("watch", STORY, "2021-03-01"),
            article("herald", [*STORY, sentence_of("herald", 60)], "2021-03-03"),
            article("ledger", [*STORY, *paragraphs("ledger", 2)], "2021-03-09"),
        ]
    )
    assert further(report) == {}


def test_boilerplate_is_no_passage() -> None:
    notice = (
        "This site contains copyrighted material the use of which has not always been specifically authorized by the "
        "copyright owner. We are making such material available in our efforts to advance understanding of issues, in "
        "accordance with Title 17 U.S.C. Section 107, and without profit for research and educational purposes only."
    )
    report = dedup.scan(
        [
            article("watch", STORY, "2021-03-01"),
            article("herald", [*STORY[:5], notice], "2021-03-03"),
            article("ledger", [*STORY, notice], "2021-03-09"),
        ]
    )
    assert len(report.families) == 1
    assert further(report) == {}


@pytest.mark.parametrize(("words", "found"), [(24, False), (30, True)])
def test_a_passage_has_25_words(words: int, found: bool) -> None:
    phrase = sentence_of("phrase", words).rstrip(".")
    report = dedup.scan(
        [
            article("watch", STORY, "2021-03-01"),
            article("herald", [f"{phrase} {sentence_of('own', 10)}"], "2021-03-02"),
            article("ledger", [*STORY, f"Said the clerk {phrase} as ever."], "2021-03-09"),
        ]
    )
    assert len(report.families) == 1
    assert further(report) == ({"ledger": [("herald", [phrase])]} if found else {})
