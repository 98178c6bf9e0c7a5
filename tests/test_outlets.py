"""Outlets: which domain an address belongs to, which names mean it, and what a corpus teaches about both."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import addresses as addresses_module
from dedup.addresses import addresses, addresses_in
from dedup.article import Article
from dedup.domains import domain_label, looks_like_domain, registrable_domain
from dedup.outlets import Directory, Outlet, fold_name, name_keys


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.news.example.co.uk/2020/a.html", "example.co.uk"),
        ("southfront.org", "southfront.org"),
        ("SouthFront.ORG.", "southfront.org"),
        ("//cdn.southfront.org/x.js", "southfront.org"),
        ("https://m.lenta.ru:443/news/?from=globalresearch.ca", "lenta.ru"),
        ("https://reader:secret@news.harbourledger.com/", "harbourledger.com"),
        ("mailto:desk@harbourledger.com", "harbourledger.com"),
        ("https://www.folha.uol.com.br/mundo", "uol.com.br"),
        ("https://www.asahi.co.jp/x", "asahi.co.jp"),
        ("https://правда.рф/новости", "правда.рф"),
        ("https://xn--80aafi6cg.xn--p1ai/x", "правда.рф"),
        ("https://news.xn--mnchen-3ya.de/", "münchen.de"),
        ("https://xn--.de/", "xn--.de"),
        ("harbour.example", "harbour.example"),
        ("harbour.test", "harbour.test"),
        ("https://www.harbour。test:8080/", "harbour.test"),
        (".test", None),
        ("sad....you", None),
        ("https://saltlamps.wordpress.com/2020/a", "saltlamps.wordpress.com"),
        ("https://www.saltlamps.livejournal.com/1.html", "saltlamps.livejournal.com"),
        ("https://saltlamps.blogspot.co.uk/", "saltlamps.blogspot.com"),
        ("https://www.wordpress.com/", "wordpress.com"),
        ("co.uk", None),
        ("localhost", None),
        ("http://127.0.0.1/x", None),
        ("http://[::1]/x", None),
        ("no domain at all", None),
        ("", None),
        (" . ", None),
    ],
)
def test_registrable_domain(address: str, domain: str | None) -> None:
    assert registrable_domain(address) == domain


@given(st.text())
def test_any_text_has_a_domain_in_lower_case_or_none(text: str) -> None:
    domain = registrable_domain(text)
    assert domain is None or (domain == domain.lower() and "." in domain)


@given(st.sampled_from(["a.org", "b.co.uk", "c.com.au"]), st.sampled_from(["", "www.", "m.news."]))
def test_subdomains_and_paths_change_no_domain(domain: str, prefix: str) -> None:
    assert registrable_domain(f"https://{prefix}{domain}/2020/x.html?q=other.net#y.info") == domain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("South Front", "southfront"),
        ("SouthFront", "SOUTH-FRONT"),
        ("The Harbour Ledger", "harbour ledger"),
        ("Le Monde", "MONDE"),
        ("Der Spiegel", "spiegel"),
        ("Правда", "Pravda"),
        ("Комсомольская правда", "Komsomolskaya Pravda"),
        ("Süddeutsche Zeitung", "Suddeutsche Zeitung"),
        ("El País", "pais"),
        ("Jutarnji", "Yutarnyi"),
        ("O'Brien's", "obriens"),
        ("Rank & File", "rank and file"),
        ("Russia Matters", "Rusia Maters"),
        ("Северный дозор", "Severnyi Dozor"),
        ("Северный дозор", "Severny Dozor"),
    ],
)
def test_names_that_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("South Front", "North Front"), ("Global Research", "Global Search"), ("The", "A"), ("Правда", "Право")],
)
def test_names_that_fold_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text())
def test_a_folded_name_is_plain(name: str) -> None:
    assert all(c in "abcdefghiklmnopqrstuvwxz0123456789" for c in fold_name(name))


@given(st.one_of(st.text(), st.text("ijyIY -")))
def test_a_folded_name_folds_to_itself(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Süddeutsche Zeitung", "sueddeutschezeitung"),
        ("Süddeutsche Zeitung", "suddeutschezeitung"),
        ("Die Zeit", "zeit"),
        ("Die Zeit", "diezeit"),
        ("The Times", "thetimes"),
        ("Il Sole 24 Ore", "ilsole24ore"),
        ("Straßenblatt", "strassenblatt"),
        ("Русская весна", "russkayavesna"),
    ],
)
def test_a_name_may_be_looked_up_by_the_label_of_its_domain(name: str, label: str) -> None:
    assert fold_name(label) in name_keys(name)


@pytest.mark.parametrize("name", ["", "A", "!!!", "—"])
def test_names_too_short_to_tell_have_no_keys(name: str) -> None:
    assert name_keys(name) == frozenset()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("southfront.org", True),
        ("https://southfront.org/x?y#z", True),
        (" www.news.example.co.uk ", True),
        ("South Front", False),
        ("South Front. Org", False),
        ("Node.js", False),
        ("co.uk", False),
        ("see southfront.org", False),
    ],
)
def test_looks_like_domain(name: str, answer: bool) -> None:
    assert looks_like_domain(name) is answer


@pytest.mark.parametrize(
    ("domain", "label"), [("southfront.org", "southfront"), ("example.co.uk", "example"), ("правда.рф", "правда")]
)
def test_domain_label(domain: str, label: str) -> None:
    assert domain_label(domain) == label


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to desk@harbourledger.com.", [("harbourledger.com", "desk", "", "desk@harbourledger.com")]),
        ("mailto:red.aktion+x@bote.de", [("bote.de", "red.aktion+x", "", "red.aktion+x@bote.de")]),
        ("See southfront.org.", [("southfront.org", None, "", "southfront.org")]),
        ("(www.southfront.org)", [("southfront.org", None, "", "www.southfront.org")]),
        ("[South Front](https://southfront.org/a)", [("southfront.org", None, "/a", "https://southfront.org/a")]),
        (
            "a.org/x then b.net/y",
            [("a.org", None, "/x", "a.org/x"), ("b.net", None, "/y", "b.net/y")],
        ),
        ("ftp://files.a.org/x.mp4", [("a.org", None, "/x.mp4", "ftp://files.a.org/x.mp4")]),
        ('"https://a.org/x"', [("a.org", None, "/x", "https://a.org/x")]),
        ("Читайте на southfront.org сегодня", [("southfront.org", None, "", "southfront.org")]),
        ("He said so.It rained, and the so.Called storm is.It over.", []),
        ("He left.The rain came at 5 p.m.Then the U.S. said no, e.g. i.e. vs. 1.5 and No.5.", []),
        ("He fled the war.At last it ended, etc.In the end.My friend said so.To be sure.", []),
        ("Use Node.js or foo@bar, says co.uk.", []),
        ("https://foo.it/x", [("foo.it", None, "/x", "https://foo.it/x")]),
        ("See https://a.org/x.mp4.", [("a.org", None, "/x.mp4", "https://a.org/x.mp4")]),
        ("a.org/x, b.org/y; c.org/z!", [(f"{d}.org", None, f"/{p}", f"{d}.org/{p}") for d, p in ("ax", "by", "cz")]),
        (
            "Southfront.org and BBC.CO.UK",
            [("southfront.org", None, "", "Southfront.org"), ("bbc.co.uk", None, "", "BBC.CO.UK")],
        ),
        ("", []),
    ],
)
def test_addresses(text: str, found: list[tuple[str, str | None, str, str]]) -> None:
    assert [(a.domain, a.mailbox, a.path, text[a.start : a.end]) for a in addresses(text)] == found


@given(st.lists(st.sampled_from(["a.org", "x@b.net", "https://c.co.uk/d", "(", ")", " ", ". ", ",", "word", "юг"])))
def test_addresses_stand_in_order_apart_and_hold_their_domain(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = addresses(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(registrable_domain(text[a.start : a.end]) == a.domain for a in found)


@given(st.lists(st.text(st.sampled_from("ab.@/ \n\té юg:-_,)"), max_size=30), max_size=4))
def test_many_texts_at_once_have_the_addresses_each_has(texts: list[str]) -> None:
    texts = [text.replace("g", "a.org") for text in texts]
    assert addresses_in(texts) == [addresses(text) for text in texts]
    for text, found in zip(texts, addresses_in(texts), strict=True):
        # Only runs with a dot in them are searched; searching all of the text finds no more.
        whole = set()
        for _, _, start, end, host, host_end in addresses_module._ADDRESS.captures([text], "host"):
            name = text[host:host_end]
            sure = start < host or host_end < end or name.isupper() or name.rpartition(".")[2].islower()
            whole |= {(start, registrable_domain(name))} if sure and registrable_domain(name) else set()
        assert {(address.start, address.domain) for address in found} == whole


def page(id_: str, url: str | None = None, outlet: str | None = None) -> Article:
    return Article(id_, "Rain fell.", url=url, outlet=outlet)


SOUTH = page("south", "https://southfront.org/a", "South Front")
GLOBAL = page("global", "https://www.globalresearch.ca/b/1", "Global Research")
SOLE = page("sole", "https://www.ilsole24ore.com/c", "Il Sole 24 Ore")
WATCH = page("watch", "https://nwatch.net/d", "Northern Watch")
DOMAIN_ONLY = page("domain", "https://harbourledger.com/e")
PRAVDA = page("pravda", "https://pravda.ru/f")
NAMED_BY_DOMAIN = page("named", None, "www.kurier.test")
CORPUS = [SOUTH, GLOBAL, SOLE, WATCH, DOMAIN_ONLY, PRAVDA, NAMED_BY_DOMAIN]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("South Front", "southfront.org"),
        ("SouthFront", "southfront.org"),
        ("The South-Front", "southfront.org"),
        ("southfront.org", "southfront.org"),
        ("https://www.southfront.org/b", "southfront.org"),
        ("GLOBAL RESEARCH", "globalresearch.ca"),
        ("Il Sole 24 Ore", "ilsole24ore.com"),
        # An alias that is not the label of the domain.
        ("Northern Watch", "nwatch.net"),
        ("nwatch", "nwatch.net"),
        # Outlets known by their address only.
        ("The Harbour Ledger", "harbourledger.com"),
        ("Правда", "pravda.ru"),
        ("Kurier", "kurier.test"),
        # A domain nobody published under is itself.
        ("meridian.org", "meridian.org"),
        ("Meridian", None),
        ("", None),
        ("—", None),
    ],
)
def test_names_mean_outlets_of_the_corpus(name: str, key: str | None) -> None:
    assert Directory(CORPUS).key_of(name) == key


def test_a_name_may_mean_a_domain_its_page_links_to() -> None:
    directory = Directory(CORPUS)
    assert directory.key_of("Meridian Press", ["paypal.com", "meridianpress.org"]) == "meridianpress.org"
    # The corpus comes first.
    assert directory.key_of("South Front", ["southfront.net"]) == "southfront.org"


def test_an_outlet_known_by_name_only_is_tied_to_a_domain_the_pages_link_to() -> None:
    nameless = page("x", None, "South Front")
    assert Directory([nameless]).outlet_of(nameless) == Outlet("South Front", "South Front")
    linked = Directory([nameless], ["paypal.com", "southfront.org"])
    assert linked.outlet_of(nameless) == Outlet("southfront.org", "South Front")
    assert linked.key_of("southfront") == "southfront.org"


def test_an_outlet_known_by_name_only_is_one_with_that_of_its_domain() -> None:
    directory = Directory([DOMAIN_ONLY, page("x", None, "Harbour Ledger")])
    assert directory.outlet_of(page("y", None, "The Harbour Ledger")) == Outlet(
        "harbourledger.com", "harbourledger.com"
    )


def test_the_address_decides_whose_an_article_is() -> None:
    directory = Directory(CORPUS)
    assert directory.outlet_of(page("x", "https://amp.southfront.org/z", "Global Research")) == Outlet(
        "southfront.org", "South Front"
    )


def test_an_article_of_nobody_has_no_outlet() -> None:
    nobody = page("x")
    assert Directory([nobody]).outlet_of(nobody) is None
    assert Directory([nobody]).outlet_of(page("y", None, "  ")) is None


def test_an_outlet_may_be_called_by_one_letter() -> None:
    lettered = page("x", None, "X")
    assert Directory([lettered]).outlet_of(lettered) == Outlet("X", "X")


def test_publishes_and_name_of() -> None:
    directory = Directory([*CORPUS, page("again", "https://southfront.org/b", "SF"), SOUTH])
    assert directory.publishes("southfront.org")
    assert not directory.publishes("meridian.org")
    # The usual name; the domain where no page has another.
    assert directory.name_of("southfront.org") == "South Front"
    assert directory.name_of("harbourledger.com") == "harbourledger.com"
    assert directory.name_of("meridian.org") == "meridian.org"


NAMES = ["South Front", "SouthFront", "The South Front", "Global Research", "southfront.org", "Il Sole", "SF", "sf"]
URLS = [None, "https://southfront.org/a", "https://m.southfront.net/b", "https://sf.com/c", "https://globalresearch.ca"]
pages = st.builds(page, st.just("x"), st.sampled_from(URLS), st.sampled_from([None, *NAMES]))


@given(st.lists(pages, max_size=8).flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_the_order_of_articles_changes_nothing(both: tuple[list[Article], list[Article]]) -> None:
    one, other = (Directory(items, ["sf.org", "globalresearch.org"]) for items in both)
    assert [one.key_of(name) for name in NAMES] == [other.key_of(name) for name in NAMES]
    assert [one.outlet_of(item) for item in both[0]] == [other.outlet_of(item) for item in both[0]]


@given(st.lists(pages, max_size=8))
def test_whoever_published_an_article_publishes(items: list[Article]) -> None:
    directory = Directory(items, ["sf.org"])
    outlets = [directory.outlet_of(item) for item in items]
    assert all(outlet is None or directory.publishes(outlet.key) for outlet in outlets)
    assert all(
        (outlet is None) == (item.url is item.outlet is None) for outlet, item in zip(outlets, items, strict=True)
    )


@pytest.mark.parametrize(
    ("outlet", "named"),
    [
        ("Ahrenfelder Bote", "Ahrenfelder Boten"),
        ("Озёрный вестник", "Озёрном вестнике"),
        ("Głos Brodu", "Głosu Brodu"),
        ("النخيل", "صحيفة النخيل"),
    ],
)
def test_a_name_is_known_in_its_other_forms(outlet: str, named: str) -> None:
    directory = Directory([Article("a", "t", url="https://some-paper.test/1", outlet=outlet)])
    assert directory.key_of(named) == "some-paper.test"


def test_a_form_that_may_be_two_outlets_is_neither() -> None:
    directory = Directory(
        [
            Article("a", "t", url="https://one.test/1", outlet="Harbour Timer"),
            Article("b", "t", url="https://two.test/1", outlet="Harbour Timed"),
        ]
    )
    assert directory.key_of("Harbour Times") is None
