"""Reading pages in processes of their own: in order, side by side, whatever a page does, and taken up again."""

import io
import itertools
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import dedup
from dedup.article import Article, Element, Mark, Skipped, Span
from dedup.errors import UsageError
from dedup.extraction import Extraction, Page, checkpoints, pool
from dedup.extraction.checkpoints import Checkpoints
from dedup.extraction.pool import DiedError, Pool
from dedup.extraction.wire import answered, asked, item_of, page_of
from dedup.place import Place
from dedup.progress import Stages
from dedup.readers.meter import Meter

# A worker that does as it is told.
OBEDIENT = """
import os, sys, time
from dedup.extraction.wire import receive, send
send(sys.stdout.buffer, b"ready")
while (question := receive(sys.stdin.buffer)) is not None:
    if question == b"hang":
        time.sleep(60)
    if question == b"die":
        os._exit(7)
    if question == b"break off":
        sys.stdout.buffer.write(b"\\x09")
        os._exit(0)
    send(sys.stdout.buffer, question + b" by %d" % os.getpid())
"""


@pytest.fixture
def obedient() -> Iterator[Callable[..., Pool]]:
    made: list[Pool] = []

    def make(workers: int = 2, seconds: float = 30) -> Pool:
        made.append(Pool(workers, seconds, ("-P", "-c", OBEDIENT)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def told(answer: "Future[bytes]") -> str:
    """Return what a worker said, without its number, or how it ended."""
    try:
        return answer.result(60).split(b" by ")[0].decode()
    except DiedError as died:
        return str(died)


def story(number: int, words: int = 80) -> str:
    """Return a page of its own."""
    sentence = " ".join(f"word{number}x{at}" for at in range(words))
    return f"<html><head><title>Story {number}</title></head><body><article><p>{sentence}.</p></article></body></html>"


def pages(folder: Path, count: int, words: int = 80) -> Path:
    """Write pages, each with a neighbour of the same text, and return their folder."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.html").write_text(story(number // 2, words))
    return folder


# Workers


def test_what_one_page_breaks_costs_only_that_page(obedient: Callable[..., Pool]) -> None:
    workers = obedient(seconds=2.0)
    asked_for = [b"one", b"hang", b"two", b"die", b"three", b"break off", b"four", b"five"]
    answers = [workers.ask(question) for question in asked_for]
    assert [told(answer) for answer in answers] == [
        "one", "it took longer than 2 seconds", "two", "its reader ended with 7", "three", "its reader ended with 0",
        "four", "five",
    ]  # fmt: skip


def test_workers_work_side_by_side_and_are_renewed(
    obedient: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PAGES_EACH", 5)
    workers = obedient()
    answers = [workers.ask(b"%d" % at).result(60).split(b" by ") for at in range(12)]
    assert [said for said, _ in answers] == [b"%d" % at for at in range(12)]
    assert len({process for _, process in answers}) == 3  # one after the other, since nothing ever waited
    together = [workers.ask(b"x") for _ in range(40)]
    assert len({answer.result(60) for answer in together}) > 1


def test_workers_that_do_not_start_are_no_fault_of_a_page() -> None:
    broken = Pool(1, 5, ("-P", "-c", "raise SystemExit(3)"))
    with pytest.raises(UsageError, match="do not start"):
        broken.ask(b"one").result(60)
    broken.close()


def test_the_reader_of_pages_ends_with_its_input(tmp_path: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "dedup.extraction.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    )
    out, _ = worker.communicate(b"", timeout=60)
    assert out.endswith(b"ready")
    assert worker.returncode == 0


# Articles of pages


def test_articles_come_in_order_with_all_between_them() -> None:
    between = [Article("a", "Rain fell."), Skipped("b", 1, "empty")]
    given = [between[0], *(Page(story(at), Place(f"{at}.html"), {}) for at in range(20)), between[1]]
    extraction = Extraction(workers=2)
    found = list(extraction.articles(iter(given)))
    extraction.close()
    assert [found[0], found[-1]] == between
    assert [item.path for item in found[1:-1]] == [f"{at}.html" for at in range(20)]
    assert all(isinstance(item, Article) and f"word{at}x0" in item.text for at, item in enumerate(found[1:-1]))


def test_a_page_out_of_time_is_named_and_nothing_else_is_lost() -> None:
    extraction = Extraction(workers=1, seconds=0.0)
    found = list(extraction.articles([Page(story(1), Place("a.html"), {}), Article("b", "Rain fell.")]))
    extraction.close()
    assert found == [
        Skipped("a.html", None, "the page cannot be read: it took longer than 0 seconds"), Article("b", "Rain fell.")
    ]  # fmt: skip


def test_few_pages_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.extraction.AHEAD_BYTES", 5_000)
    taken: list[int] = []

    def given() -> Iterator[Page]:
        for at in range(40):
            taken.append(at)
            yield Page(story(at), Place(f"{at}.html"), {})

    extraction = Extraction(workers=2)
    for at, _ in enumerate(extraction.articles(given())):
        assert taken[-1] <= at + 5_000 // len(story(0)) + 1
    extraction.close()


words = st.text(max_size=9)
known = st.dictionaries(st.sampled_from(["url", "title", "id"]), words, max_size=3)
places = st.builds(Place, words, st.none() | st.integers(1, 9), st.none() | st.integers(1, 9), st.none() | words)
marks = st.lists(st.builds(Mark, words, words), max_size=2).map(tuple)
spans = st.builds(Span, st.integers(0, 9), st.integers(0, 9))
articles = st.builds(
    Article, words, words, *[st.none() | words] * 8, marks,
    st.none() | st.lists(spans, max_size=2).map(tuple),
    st.lists(st.builds(Element, spans, words, st.just(("a", "b")), st.just(())), max_size=2).map(tuple),
    st.none() | words, st.none() | st.integers(1, 9),
)  # fmt: skip
skips = st.builds(Skipped, words, st.none() | st.integers(1, 9), words)


@given(st.builds(Page, words | st.binary(max_size=9), places, known, st.none() | words, marks))
def test_pages_come_through_as_they_are(page: Page) -> None:
    assert page_of(asked(page, "resiliparse")) == (page, "resiliparse")


@given(articles | skips)
def test_answers_come_through_as_they_are(item: Article | Skipped) -> None:
    assert item_of(answered(item)) == item


def test_what_no_page_could_be_read_with_is_said() -> None:
    with pytest.raises(UsageError, match="pip install"):
        item_of(answered(UsageError("pip install trafilatura")))


def test_how_far_reading_has_come_is_counted(tmp_path: Path) -> None:
    folder = pages(tmp_path / "pages", 3)
    (folder / "empty.txt").write_text(" ")
    (folder / "lines.jsonl").write_text('{"text": "Rain fell."}\n{"text": "Snow fell."}\n')
    reader = dedup.read([folder])
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert (reader.meter.total, reader.meter.read) == (size, 0)
    dedup.scan(reader)
    assert (reader.meter.read, reader.meter.articles, reader.meter.skipped) == (size, 5, 1)
    assert dedup.read(["-"]).meter.total is None


def test_the_bar_shows_how_many_were_read_how_fast_what_was_skipped_and_how_long_it_takes() -> None:
    out = io.StringIO()
    meter = Meter(1000)
    with Stages(Console(file=out, force_terminal=True, width=120), meter, quiet=False) as show:
        show("reading")
        assert show._shown is not None
        for meter.read, meter.articles, meter.skipped in ((250, 600, 0), (500, 1200, 3)):
            show._shown.refresh()
    assert re.search(r"reading .*1,200 articles · [\d,]+/s · 3 skipped .*\d\d:\d\d", out.getvalue().replace("\x1b", ""))
    for console, quiet in (
        (Console(file=io.StringIO()), False),
        (Console(file=io.StringIO(), force_terminal=True), True),
    ):
        with Stages(console, meter, quiet) as show:
            show("reading")
        assert console.file.getvalue() == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(("extractor", "package"), [("trafilatura", "trafilatura"), ("resiliparse", "'dedup[fast]'")])
def test_a_missing_extractor_is_named(tmp_path: Path, extractor: str, package: str) -> None:
    (tmp_path / f"{extractor}.py").write_text("raise ImportError('it is not here')")
    command = [sys.executable, "-m", "dedup", "scan", "pages", "--extractor", extractor]
    pages(tmp_path / "pages", 2)
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 2
    told = " ".join(done.stderr.split())
    assert f"HTML pages need the package {extractor} (it is not here): pip install {package}" in told


# Runs taken up again

FAKE = ("-P", "-c", textwrap.dedent("""
    import os, sys
    from dedup.article import Article
    from dedup.extraction.wire import answered, page_of, receive, send
    send(sys.stdout.buffer, b"ready")
    while (question := receive(sys.stdin.buffer)) is not None:
        page, _ = page_of(question)
        with open(os.environ["LOG"], "a") as log:
            print(page.place.path, file=log)
        send(sys.stdout.buffer, answered(Article(page.place.path, page.html)))
"""))  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[Article | Skipped], int]]:
    """Return a function that reads pages with checkpoints, by simple workers that note what they were asked."""
    runs = itertools.count()
    monkeypatch.setattr(pool.Pool.__init__, "__defaults__", (FAKE,))
    monkeypatch.setattr(checkpoints, "CHUNK", 4)

    def read(count: int, stop: int | None = None, changed: int = -1) -> tuple[list[Article | Skipped], int]:
        log = tmp_path / f"log{next(runs)}"  # one for each run: workers of one that was cut off go on for a while
        log.write_text("")
        monkeypatch.setenv("LOG", str(log))
        kept = Checkpoints(str(tmp_path / "run"), {}, [])
        extraction = Extraction(workers=2, checkpoints=kept)
        given = (Page("x" if at == changed else f"page {at}", Place(f"{at}.html"), {}) for at in range(count))
        found: list[Article | Skipped] = []
        for item in extraction.articles(given):
            found.append(item)
            if len(found) == stop:
                break
        else:
            extraction.close()
        return found, len(log.read_text().splitlines())

    return read


Run = Callable[..., tuple[list[Article | Skipped], int]]


def test_what_was_read_is_not_read_again(run: Run) -> None:
    assert run(10) == ([Article(f"{at}.html", f"page {at}") for at in range(10)], 10)
    assert run(10) == ([Article(f"{at}.html", f"page {at}") for at in range(10)], 0)
    assert run(13) == ([Article(f"{at}.html", f"page {at}") for at in range(13)], 3)
    assert run(13)[1] == 0


def test_a_run_that_was_cut_off_goes_on_after_its_last_whole_chunk(run: Run) -> None:
    run(10, stop=7)
    found, read_now = run(10)
    assert found == [Article(f"{at}.html", f"page {at}") for at in range(10)]
    assert read_now == 6


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:20] + b"!" + data[21:]]
)
def test_a_damaged_chunk_is_read_anew(run: Run, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    run(10)
    chunk = tmp_path / "run" / "pages-000001"
    chunk.write_bytes(damage(chunk.read_bytes()))
    assert run(10) == ([Article(f"{at}.html", f"page {at}") for at in range(10)], 6)
    assert run(10)[1] == 0


def test_other_pages_than_those_of_the_run_are_refused(run: Run) -> None:
    run(10)
    with pytest.raises(UsageError, match="not those of the run"):
        run(10, changed=5)


def test_the_folder_of_a_run_is_of_one_input_and_one_set_of_options(tmp_path: Path) -> None:
    folder, run_folder = pages(tmp_path / "pages", 2), tmp_path / "run"
    list(dedup.read([folder], resume=run_folder))
    with pytest.raises(UsageError, match="other options"):
        dedup.read([folder], fields={"text": "story"}, resume=run_folder)
    (folder / "00000.html").write_text(story(7))
    with pytest.raises(UsageError, match="other inputs"):
        dedup.read([folder], resume=run_folder)
    with pytest.raises(UsageError, match="cannot be read again"):
        dedup.read(["-"], resume=tmp_path / "new")
    with pytest.raises(UsageError, match="no folder of a run"):
        dedup.read([folder], resume=folder)
    (run_folder / "run.json").write_text("[")
    with pytest.raises(UsageError, match="not the manifest"):
        dedup.read([folder], resume=run_folder)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on this system")
def test_a_killed_scan_is_taken_up_again(tmp_path: Path) -> None:
    folder, run_folder = pages(tmp_path / "pages", 1200, words=300), tmp_path / "run"
    command = [sys.executable, "-m", "dedup", "scan", str(folder), "--quiet", "-o"]

    def without_clock(path: Path) -> object:
        report = orjson.loads(path.read_bytes())
        return report | {"run": report["run"] | {"started": None, "seconds": None}}

    begun = subprocess.Popen([*command, str(tmp_path / "1.json"), "--resume", str(run_folder)], cwd=tmp_path)
    while not (run_folder / "pages-000001").exists():
        assert begun.poll() is None
        time.sleep(0.02)
    os.kill(begun.pid, signal.SIGKILL)
    begun.wait()
    assert not (tmp_path / "1.json").exists()
    subprocess.run([*command, str(tmp_path / "1.json"), "--resume", str(run_folder)], check=True, cwd=tmp_path)
    subprocess.run([*command, str(tmp_path / "2.json")], check=True, cwd=tmp_path)
    assert without_clock(tmp_path / "1.json") == without_clock(tmp_path / "2.json")
