"""Every shipped rule does what its own fixtures say, and leaves the other languages' hard negatives alone."""

import tomllib
from functools import lru_cache
from importlib.resources import files

import pytest

from dedup import _core
from dedup.boilerplate.wording import load_cues
from dedup.domains import looks_like_domain, registrable_domain
from dedup.outlets import Directory, fold_name
from dedup.provenance.names import Page
from dedup.provenance.rulebook import Book, rule_book
from dedup.rules import compile_patterns, load_tables, rule_file

RULE_FILES = sorted((files("dedup.provenance") / "rules").iterdir(), key=lambda path: path.name)
CUE_FILES = sorted((files("dedup.boilerplate") / "cues").iterdir(), key=lambda path: path.name)
NAMING = ("rule", "host", "appeal")
WITH_PATTERNS = (*NAMING, "exclusion")
EMPTY_CORPUS = Directory(())


@lru_cache(maxsize=1)
def rule_tables():
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in RULE_FILES}


@lru_cache(maxsize=1)
def cue_tables():
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in CUE_FILES}


@pytest.mark.parametrize("path", [*RULE_FILES, *CUE_FILES], ids=str)
def test_a_rule_file_is_read_as_the_standard_library_reads_it(path):
    assert rule_file(path) == tomllib.loads(path.read_text(encoding="utf-8"))


def test_what_is_no_rule_file_is_refused():
    with pytest.raises(ValueError, match="line 2"):
        _core.toml_as_json("id = 1\nid 2")


@lru_cache(maxsize=1)
def books() -> dict[str, Book]:
    book = rule_book()
    return {"rule": book.rules, "exclusion": book.exclusions, "host": book.hosts, "appeal": book.appeals}


def entries(tables, kinds):
    return [(file, entry) for file, table in tables.items() for kind in kinds for entry in table.get(kind, [])]


def cases(kinds):
    return [pytest.param(kind, entry, id=entry["id"]) for kind in kinds for _, entry in entries(rule_tables(), [kind])]


def read_names(kind, text):
    """Return {id of entry: names read} of every entry of a kind that names an outlet in `text`."""
    page = Page.of(text, EMPTY_CORPUS)
    named = {}
    for hit in books()[kind].hits(text):
        agency = books()[kind].entries[hit.pattern].get("act") == "wire"
        name = page.slot(*hit.outlet, agency=agency) if hit.outlet else None
        if name is not None:
            named.setdefault(books()[kind].entries[hit.pattern]["id"], []).append(name)
    return named


def credited(text):
    """Return what the rules read in a block: nothing where an exclusion closes it."""
    return {} if books()["exclusion"].hits(text) else read_names("rule", text)


def same(read, expected):
    if looks_like_domain(expected):
        return registrable_domain(read) == registrable_domain(expected)
    return fold_name(read) == fold_name(expected)


@pytest.mark.parametrize(("kind", "entry"), cases(NAMING))
def test_each_yes_names_its_outlet(kind, entry):
    assert entry["yes"], "an entry without a positive fixture"
    for text, expected in entry["yes"]:
        named = credited(text) if kind == "rule" else read_names(kind, text)
        read = named.get(entry["id"], [])
        assert read, f"not read: {text!r} (closed by {closers(text)})"
        assert all(same(name, expected) for name in read), f"{text!r} names {read}, not {expected!r}"
        assert word_count(text) <= entry.get("most_words", 200), f"longer than most_words: {text!r}"


@pytest.mark.parametrize(("kind", "entry"), cases(NAMING))
def test_no_no_names_an_outlet(kind, entry):
    assert entry["no"], "an entry without a hard negative"
    for text in entry["no"]:
        named = credited(text) if kind == "rule" else read_names(kind, text)
        assert entry["id"] not in named, f"{text!r} names {named[entry['id']]}"


@pytest.mark.parametrize(("kind", "entry"), cases(["exclusion"]))
def test_exclusions(kind, entry):
    assert entry["yes"] and entry["no"]
    for text in entry["yes"]:
        assert entry["id"] in closers(text), f"not closed: {text!r}"
    for text in entry["no"]:
        assert entry["id"] not in closers(text), f"closed: {text!r}"


@pytest.mark.parametrize("file", [name for name, table in rule_tables().items() if "rule" in table])
def test_hard_negatives_hold_against_every_language(file):
    # What no file of one language may read, no file of another may either.
    own = rule_tables()[file]
    for entry in own["rule"]:
        for text in entry["no"]:
            foreign = {id_: names for id_, names in credited(text).items() if not id_.startswith(f"{own['language']}.")}
            assert not foreign, f"{entry['id']}: {text!r} is read by {foreign}"


@pytest.mark.parametrize("file", [name for name, table in rule_tables().items() if "rule" in table])
def test_a_fixture_is_named_alike_by_every_rule_that_reads_it(file):
    for entry in rule_tables()[file]["rule"]:
        for text, expected in entry["yes"]:
            for id_, names in credited(text).items():
                assert all(same(name, expected) for name in names), f"{id_} reads {names} in {text!r}"


@pytest.mark.parametrize("tables", [rule_tables, cue_tables])
def test_ids_are_unique_and_begin_with_their_language(tables):
    seen = set()
    for file, table in tables().items():
        assert table["language"] == file.removesuffix(".toml")
        for kind in (*WITH_PATTERNS, "cue"):
            for entry in table.get(kind, []):
                assert entry["id"].startswith(f"{table['language']}."), entry["id"]
                assert entry["id"] not in seen, f"{entry['id']} is used twice"
                seen.add(entry["id"])


@pytest.mark.parametrize("entry", [pytest.param(e, id=e["id"]) for _, e in entries(cue_tables(), ["cue"])])
def test_cues(entry):
    cues = load_cues()
    own = cues.ids.index(entry["id"])
    assert entry["yes"] and entry["no"]
    for text in entry["yes"]:
        assert own in cue_matches(text), f"not matched: {text!r}"
        assert word_count(text) <= entry["most_words"], f"longer than most_words: {text!r}"
    for text in entry["no"]:
        assert own not in cue_matches(text), f"matched: {text!r}"


@lru_cache(maxsize=1)
def cue_patterns():
    rules = list(load_tables(files("dedup.boilerplate") / "cues", "cue"))
    return compile_patterns([rule["id"] for rule in rules], [rule["pattern"] for rule in rules])


def cue_matches(text):
    return {pattern for _, pattern, *_ in cue_patterns().captures([text], "none")}


def closers(text):
    return {books()["exclusion"].entries[hit.pattern]["id"] for hit in books()["exclusion"].hits(text)}


def word_count(text):
    return len(_core.words(text)[0])
