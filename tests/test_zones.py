"""Where on a page a statement of origin is read: at the head, in a story's opening, right behind it, at the tail."""

import pytest
from prose import body, paragraphs

import dedup
from dedup.article import Article

CAPTION = body("caption", 1, 60)
STORY = paragraphs("story", 6, 60)
DATELINE = f"PORT ALDEN (AP) — {STORY[0]}"


def agencies(*parts: str) -> list[str]:
    """Return the agencies that a page of these blocks is signed with."""
    article = Article("a", "\n\n".join(parts), url="https://dryherald.org/a", outlet="Dry Herald")
    return [item.names for item in dedup.inspect(article).reading.evidence if item.act in ("wire", "byline")]


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ([DATELINE, *STORY[1:]], ["AP"]),
        # A story opens behind pictures and summaries,
        ([CAPTION, CAPTION, DATELINE, *STORY[1:]], ["AP"]),
        # but not behind itself: there others are shown.
        ([*STORY[1:], DATELINE, *STORY[1:3]], []),
        # In the midst of a text a name that nobody knows is no agency's.
        ([CAPTION, CAPTION, DATELINE.replace("AP", "Pilot"), *STORY[1:]], []),
    ],
)
def test_a_dateline_opens_the_story(parts: list[str], named: list[str]) -> None:
    assert agencies(*parts) == named


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        (["A Storm at Port Alden", "The Associated Press", *STORY], ["Associated Press"]),
        (["Ein Sturm vor Alden", "dpa", *STORY], ["dpa"]),
        (["A Storm at Port Alden", "Agence France-Presse in Alden", *STORY], ["Agence France-Presse"]),
        ([*STORY, "Ledger staff, Reuters and a trainee contributed to this report."], ["Reuters"]),
        (["Буря над Порт-Альденом", "ТАСС", *STORY], ["ТАСС"]),
        (["Tormenta en Puerto Alden", *STORY, "EFE"], ["EFE"]),
        (["港口风暴", *STORY, "新华社"], ["新华社"]),
        # Lists of other articles have their agencies beside each; "mehr" is a button.
        ([*STORY, "More from the coast", "A pilot is named", "Reuters", "Two lamps go out", "Reuters"], []),
        (["Ein Sturm vor Alden", "Mehr", *STORY], []),
        ([*STORY, "Reuters", *paragraphs("more", 6, 60)], []),
        (["A Storm at Port Alden", "The Associated Press said so", *STORY], []),
    ],
)
def test_an_agency_signs_at_the_head_or_right_behind_the_text(parts: list[str], named: list[str]) -> None:
    assert agencies(*parts) == named


def test_a_byline_may_stand_behind_a_summary() -> None:
    summary = body("summary", 1, 40)
    assert agencies("Ein Sturm vor Alden", summary, "Von dpa", *STORY) == ["dpa"]
    assert agencies("Ein Sturm vor Alden", summary, "Von Anna Vale", *STORY) == []
