"""The seed page: a South Front report as Global Research republished it, with both outlets' boilerplate around it."""

import json
from itertools import combinations

import oracle
import pytest
from places import shared_file
from prose import body

import dedup
from dedup.article import Article, Kind
from dedup.comparison import compare
from dedup.provenance.evidence import Act, EvidenceClass
from dedup.report.model import Report, ReportedArticle

# Ten unrelated bodies of some hundred words, written for this test.
TOPICS = [
    ("harbour", "crane", "tide", "pilot", "quay"),
    ("orchard", "frost", "cider", "ladder", "wasp"),
    ("library", "shelf", "candle", "binder", "moth"),
    ("railway", "signal", "tunnel", "porter", "steam"),
    ("bakery", "oven", "flour", "apron", "crust"),
]


def seed_text() -> str:
    return shared_file("seed/000_79b10892488c4d46.txt").read_text(encoding="utf-8")


def unrelated_body(number: int) -> str:
    first, second, third, fourth, fifth = TOPICS[number]
    return "\n\n".join(
        f"At the {first} the {second} of year {number} {verb} before the {third} could {other}, and the {fourth} wrote "
        f"in {place} that no {fifth} had been so {mood} since the {first} opened its doors to the {fourth}s of town."
        for verb, other, place, mood in (
            ("failed", "turn", "a letter", "late"),
            ("shone", "settle", "the margin", "bright"),
            ("sank", "rise again", "chalk", "heavy"),
            ("rang", "answer", "plain ink", "loud"),
        )
    )


@pytest.fixture(scope="module")
def page() -> ReportedArticle:
    return dedup.inspect(Article("seed", seed_text()))


def kinds_of(page: ReportedArticle, phrase: str) -> set[Kind | None]:
    """Return the kinds of the blocks that hold a phrase."""
    return {block.kind for block in page.blocks if phrase in block.span.of(page.article.text)}


def test_the_page_tells_whose_it_is(page: ReportedArticle) -> None:
    assert page.reading.host == "globalresearch.ca"
    assert page.reading.host_inferred


def test_south_front_is_named_by_credit_appeal_and_media_host(page: ReportedArticle) -> None:
    acts = {e.act: e for e in page.reading.evidence if e.names == "southfront.org"}
    assert {Act.CREDIT, Act.APPEAL, Act.MEDIA, Act.BYLINE} <= set(acts)
    assert acts[Act.CREDIT].evidence_class is EvidenceClass.DECLARED
    assert acts[Act.APPEAL].evidence_class is EvidenceClass.OBSERVED
    assert "PayPal" in acts[Act.APPEAL].quote


def test_nobody_else_is_named(page: ReportedArticle) -> None:
    # "a hyperlink to the original Global Research article" is an outbound notice of the host.
    assert {e.names for e in page.reading.evidence} == {"southfront.org"}


def test_every_quote_is_the_text_of_its_span(page: ReportedArticle) -> None:
    assert all(e.span is not None and e.span.of(page.article.text) == e.quote for e in page.reading.evidence)


def test_both_dates_have_their_owners(page: ReportedArticle) -> None:
    lines = {
        (date.owner, (date.not_before + (date.not_after - date.not_before) / 2).date().isoformat())
        for date in page.reading.dates
        if date.source == "page"
    }
    assert lines == {("globalresearch.ca", "2020-02-11"), ("southfront.org", "2020-02-10")}


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("Support South Front", Kind.DONATION),
        ("PayPal", Kind.DONATION),
        ("click the share buttons", Kind.SHARE),
        ("use of which has not always been specifically authorized", Kind.FAIR_USE),
        ("Copyright ©", Kind.COPYRIGHT),
        ("The original source", Kind.CREDIT),
        ("By [South Front]", Kind.BYLINE),
        ("Articles by", Kind.BYLINE),
        ("Global Research, February 11, 2020", Kind.DATE),
        ("10 February 2020", Kind.DATE),
        ("media inquiries", Kind.CONTACT),
        ("Comment on", Kind.COMMENTS),
        ("Become a Member", Kind.SUBSCRIBE),
        ("Region:", Kind.NAVIGATION),
    ],
)
def test_boilerplate_is_known_by_its_kind(page: ReportedArticle, phrase: str, kind: Kind) -> None:
    assert kinds_of(page, phrase) == {kind}


def test_the_body_stays(page: ReportedArticle) -> None:
    body = [block.span.of(page.article.text) for block in page.blocks if block.kind is None]
    words = sum(len(block.split()) for block in body)
    assert 520 <= words <= 570
    assert body[-1] in ("*", "The battle for Idlib is ongoing.")


def test_pages_with_its_boilerplate_and_other_bodies_are_not_alike() -> None:
    text = seed_text()
    start, end = text.index("During the last few days"), text.index("The battle for Idlib is ongoing.") + 32
    texts = [text[:start] + body(f"unrelated {number}", 4, 25) + text[end:] for number in range(len(TOPICS))]
    raw = [{shingle for shingle, _, _ in oracle.shingles(page)} for page in texts]
    pages = [Article(str(number), page) for number, page in enumerate(texts)]
    pairs = list(combinations(range(len(TOPICS)), 2))
    assert min(oracle.jaccard(raw[one], raw[other]) for one, other in pairs) > 0.5
    assert max(compare(pages[one], pages[other]).figures.resemblance for one, other in pairs) < 0.05
    assert compare(Article("bare", text[start:end]), Article("seed", text)).figures.resemblance > 0.95


def corpus(*, with_origin: bool) -> list[Article]:
    text = seed_text()
    body = text[text.index("During the last few days") : text.index("The battle for Idlib is ongoing.") + 32]
    head = text[: text.index("During the last few days")]
    tail = text[text.index("Note to readers") :]
    third_title = "Turkish forces to the rescue"
    articles = [
        Article(
            "global", text, url="https://www.globalresearch.ca/video-battle-idlib/5703412", outlet="Global Research"
        ),
        Article("third", body, url="https://thirdsite.net/2020/02/13/idlib", title=third_title, published="2020-02-13"),
    ]
    if with_origin:
        articles.append(
            Article(
                "origin", body, url="https://southfront.org/battle-for-idlib/", published="2020-02-10", title="Idlib"
            )
        )
    for number in range(len(TOPICS)):
        # The same page about something else: its own title, date and body, without South Front's marks.
        own_head = f"A Story of the {TOPICS[number][0]}\n\nGlobal Research, February {number + 1}, 2020\n\n"
        own_tail = tail[: tail.index("Support South Front")] + tail[tail.index("[Comment on Global") :]
        articles.append(
            Article(
                f"unrelated-{number}",
                own_head + unrelated_body(number) + "\n\n*\n\n" + own_tail,
                url=f"https://www.globalresearch.ca/other/{number}",
                outlet="Global Research",
            )
        )
    assert head.strip()
    return articles


@pytest.fixture(scope="module")
def report() -> Report:
    return dedup.scan(corpus(with_origin=True))


def test_the_chain_is_found(report: Report) -> None:
    (family,) = report.families
    assert family.origin == "origin"
    assert family.chains == (("origin", "global", "third"),)
    assert all(edge.determined for edge in family.republications)


def test_the_evidence_is_quoted_by_span(report: Report) -> None:
    (family,) = report.families
    edge = next(e for e in family.republications if e.copy == "global")
    quotes = {e.act: e for e in edge.evidence}
    assert {Act.CREDIT, Act.APPEAL, Act.MEDIA} <= set(quotes)
    text = next(a.article.text for a in report.articles if a.article.id == "global")
    assert all(e.span is not None and e.span.of(text) == e.quote for e in edge.evidence)


def test_the_bodies_are_the_same_after_stripping_and_unrelated_pages_match_nothing(report: Report) -> None:
    (family,) = report.families
    assert set(family.articles) == {"global", "origin", "third"}
    assert all(pair.figures.resemblance > 0.95 for pair in family.pairs)


def test_without_its_page_the_origin_is_latent_and_named() -> None:
    report = dedup.scan(corpus(with_origin=False))
    (family,) = report.families
    (latent,) = report.latent_sources
    assert latent.outlet == "southfront.org"
    assert latent.named_by == ("global",)
    assert ("date", "2020-02-10") in latent.crawl_hints
    assert family.origin == latent.id
    assert family.chains == ((latent.id, "global", "third"),)
    edge = next(e for e in family.republications if e.copy == "global")
    assert (edge.source, edge.credit) == (latent.id, "latent")


def test_the_same_answers_in_json(report: Report) -> None:
    document = json.loads(report.to_json())
    assert document["families"][0]["chains"] == [["origin", "global", "third"]]
    assert document["summary"]["articles"] == 8
    assert document["summary"]["unmatched"] == 5
