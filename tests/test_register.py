"""What people say of outlets: the file they say it in, and what a scan makes of it."""

from pathlib import Path

import pytest
from prose import body
from typer.testing import CliRunner

import dedup
from dedup.article import Article
from dedup.cli import app
from dedup.errors import UsageError
from dedup.outlets import Directory, KnownOutlet, Outlet
from dedup.provenance.evidence import Act
from dedup.provenance.model import Credit
from dedup.register import known_outlets

FILE = b"""
[[outlet]]
name = "Northern Watch"
aliases = ["NW", "Severny Dozor"]
domains = ["https://www.northernwatch.org/", "northernwatch.press"]
owner = "Lighthouse Group"

[[outlet]]
domain = "dryherald.org"
owner = "Lighthouse Group"

[[outlet]]
name = "Korrespondenz"
kind = "agency"
"""
WATCH = KnownOutlet(
    ("northernwatch.org", "northernwatch.press"), ("Northern Watch", "NW", "Severny Dozor"), "Lighthouse Group"
)


def test_a_file_of_outlets() -> None:
    assert known_outlets(FILE, "o.toml") == [
        WATCH,
        KnownOutlet(("dryherald.org",), (), "Lighthouse Group"),
        KnownOutlet((), ("Korrespondenz",), None, agency=True),
    ]
    assert known_outlets(b"", "o.toml") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[[outlet]\n", r"o\.toml: not a file of outlets .*line 1"),
        (b"\xff", "not a file of outlets"),
        (b"outlet = 3", r"write each outlet under \[\[outlet\]\]"),
        (b"outlet = [3]", r"outlet 1: write each outlet under \[\[outlet\]\]"),
        (b"[[outlet]]\nowner = 'x'\n", "outlet 1: give it a name or a domain"),
        (
            b"[[outlet]]\nname = 'x'\n[[outlet]]\nurl = 'x.org'\n",
            "outlet 2: there is no field .url.; choose from",
        ),
        (b"[[outlet]]\nname = 'x'\naliases = 'y'\n", "outlet 1: aliases must be a list of texts"),
        (b"[[outlet]]\nname = 'x'\naliases = ['y', 3]\n", "outlet 1: aliases must be a list of texts"),
        (b"[[outlet]]\nname = 7\n", "outlet 1: name must be a text"),
        (b"[[outlet]]\nname = ' '\n", "outlet 1: name must be a text"),
        (b"[[outlet]]\nname = ['x']\n", "outlet 1: name must be a text"),
        (b"[[outlet]]\ndomain = 'not a domain'\n", "outlet 1: 'not a domain' is no domain; write it as in example.org"),
        (b"[[outlet]]\nname = 'x'\nkind = 'blog'\n", "outlet 1: there is no kind 'blog'; choose from outlet, agency"),
        (b"[[outlet]]\ndomain = 'a.org'\n[[outlet]]\ndomain = 'www.a.org'\n", "outlets 1 and 2 both claim 'a.org'"),
        (b"[[outlet]]\nname = 'The Post'\n[[outlet]]\nname = 'post'\n", "outlets 1 and 2 both claim 'post'"),
    ],
)
def test_a_file_that_says_something_else_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        known_outlets(data, "o.toml")


def page(id_: str, url: str | None, outlet: str | None, text: str = "Rain fell.", **known: object) -> Article:
    return Article(id_, text, url=url, outlet=outlet, **known)  # type: ignore[arg-type]


def test_what_people_say_goes_before_what_a_corpus_teaches() -> None:
    taught = page("x", "https://nw.example/1", "NW")
    directory = Directory([taught], known=[WATCH])
    assert Directory([taught]).key_of("NW") == "nw.example"
    assert [directory.key_of(name) for name in ("NW", "Северный дозор", "northernwatch.press")] == [
        "northernwatch.org"
    ] * 3
    mirror = page("m", "https://northernwatch.press/a", None)
    assert directory.outlet_of(mirror) == Outlet("northernwatch.org", "Northern Watch")
    assert directory.owner_of("northernwatch.org") == "Lighthouse Group"
    assert directory.owner_of("nw.example") is None


STORY = body("story", 6)


def test_an_alias_of_the_host_is_the_host() -> None:
    copy = page(
        "h", "https://northernwatch.org/1", None, f"{STORY}\n\nOriginally published by NW", published="2021-03-04"
    )
    source = page("s", "https://rainpost.net/1", "Rain Post", STORY, published="2021-03-01")
    (family,) = dedup.scan([source, copy]).families
    assert family.republications[0].credit is Credit.MISCREDITED
    (family,) = dedup.scan([source, copy], outlets=[WATCH]).families
    assert family.republications[0].credit is Credit.UNCREDITED


def test_who_is_said_to_be_an_agency_is_a_wire() -> None:
    wire = KnownOutlet((), ("Korrespondenz",), agency=True)
    pages = [
        page(name, f"https://{name}.org/1", name, f"{STORY}\n\nSource: Korrespondenz", published="2021-03-01")
        for name in ("dryherald", "rainpost", "ledger")
    ]
    report = dedup.scan(pages, outlets=[wire])
    assert {item.act for a in report.articles for item in a.reading.evidence} == {Act.WIRE}
    (latent,) = report.latent_sources
    assert latent.outlet == "Korrespondenz"
    assert {edge.source for edge in report.families[0].republications} == {latent.id}


def test_the_option_of_a_scan(tmp_path: Path) -> None:
    corpus, outlets = tmp_path / "corpus.jsonl", tmp_path / "outlets.toml"
    corpus.write_text('{"id": "a", "text": "Rain fell.", "url": "https://northernwatch.press/a"}\n')
    outlets.write_bytes(FILE)
    run = CliRunner().invoke(app, ["scan", str(corpus), "--all", "-q", "--outlets", str(outlets)])
    assert run.exit_code == 0
    assert '"outlet": "northernwatch.org"' in run.stdout
    outlets.write_text("[[outlet]]\n")
    refused = CliRunner().invoke(app, ["scan", str(corpus), "--outlets", str(outlets)])
    assert refused.exit_code == 2
    assert "outlets.toml: outlet 1: give it a name or a domain" in refused.output
    missing = CliRunner().invoke(app, ["scan", str(corpus), "--outlets", str(tmp_path / "none.toml")])
    assert missing.exit_code == 2
    assert "cannot be read" in missing.output
