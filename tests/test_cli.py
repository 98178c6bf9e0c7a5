"""The command line: exit codes, what goes to which stream, and the same answers as the library."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from places import TINY
from typer.testing import CliRunner

from dedup.cli import app
from dedup.report.schema import schema_json

runner = CliRunner()


def run(*arguments: str) -> tuple[int, str, str]:
    result = runner.invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_scan_writes_the_report_and_tells_the_chains() -> None:
    code, out, err = run("scan", str(TINY))
    document = json.loads(out)
    Draft202012Validator(json.loads(schema_json())).validate(document)
    assert code == 0
    assert document["summary"]["families"] == 7
    assert "northernwatch.org" in err
    assert "earliest known" in err


def test_scan_to_a_file_keeps_standard_output_empty(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    code, out, _ = run("scan", str(TINY), "-o", str(target), "--quiet")
    assert (code, out) == (0, "")
    assert json.loads(target.read_bytes())["schema"] == "dedup.report/1"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_all_and_with_text() -> None:
    _, out, _ = run("scan", str(TINY), "--all", "--with-text", "-q")
    document = json.loads(out)
    assert len(document["articles"]) == document["summary"]["articles"] == 30
    assert all(article["text"] for article in document["articles"])


def test_fail_on_match() -> None:
    assert run("scan", str(TINY), "--fail-on-match", "-q")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("scan", "no-such-folder"), "no-such-folder"),
        (("scan", str(TINY), "--threshold", "0"), "threshold"),
        (("scan", str(TINY), "--field", "text"), "NAME=FIELD"),
        (("scan", str(TINY), "--field", "tekst=body"), "tekst"),
        (("scan", str(TINY), "-q", "-o", "/no/such/place/report.json"), "/no/such/place"),
        (("scan",), ""),
        (("inspect", "no-such-page.html"), "no-such-page.html"),
    ],
)
def test_usage_errors_exit_with_2_and_name_the_place(arguments: tuple[str, ...], told: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert told in err
    assert out == ""


def test_bad_input_is_named_and_nothing_else_is_lost(tmp_path: Path) -> None:
    story = "The ferry that the two villages bought together sank at its mooring on the night of the great frost. " * 8
    good = [{"id": f"good-{n}", "text": story, "outlet": f"o{n}.org", "published": f"2021-03-0{n}"} for n in (1, 2)]
    lines = [
        json.dumps(good[0]).encode(),
        b'{"id": "broken", "text": "no end',
        b'{"id": "latin", "text": "caf\xe9 au lait"}',
        b'{"id": "empty", "text": "   "}',
        b'{"id": "huge", "text": "' + b"word " * 10_000_000 + b'"}',
        b'{"id": "fieldless", "headline": "Nothing under it"}',
        b"[1, 2]",
        json.dumps(good[1]).encode(),
    ]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_bytes(b"\n".join(lines) + b"\n")
    code, out, err = run("scan", str(corpus), "--all")
    document = json.loads(out)
    assert code == 3
    assert [s["line"] for s in document["skipped"]] == [2, 3, 4, 5, 6, 7]
    assert all(s["path"] == str(corpus) and s["reason"] for s in document["skipped"])
    assert "50,000,000" in document["skipped"][3]["reason"]
    assert "text" in document["skipped"][4]["reason"]
    assert [article["id"] for article in document["articles"]] == ["good-1", "good-2"]
    assert document["families"][0]["republications"][0]["source"] == "good-1"
    assert document["summary"]["articles"] + document["summary"]["skipped"] == len(lines)
    assert f"{corpus}:2" in err.replace("\n", "")


def test_inspect_prints_a_page_and_its_json() -> None:
    page = next((TINY / "pages").glob("*.html"))
    code, out, _ = run("inspect", str(page))
    assert code == 0
    assert "blocks" in out
    code, out, _ = run("inspect", str(page), "--json")
    document = json.loads(out)
    blocks = [document["text"][block["start"] : block["end"]] for block in document["blocks"]]
    assert {block["role"] for block in document["blocks"]} == {"body", "boilerplate"}
    assert all(block.strip() == block and block for block in blocks)
    article_schema = {**json.loads(schema_json()), "$ref": "#/$defs/article"}
    for key in ("required", "properties", "additionalProperties"):
        article_schema.pop(key)
    Draft202012Validator(article_schema).validate(document)


def test_schema_prints_the_schema() -> None:
    code, out, _ = run("schema")
    assert code == 0
    assert json.loads(out) == json.loads(schema_json())


def test_standard_input_and_a_closed_pipe(tmp_path: Path) -> None:
    # In a folder of its own: Python would import the sources beside the tests, which hold no compiled core.
    record = json.dumps({"id": "a", "text": "Rain fell on the harbour all night and nobody slept."})
    command = [sys.executable, "-m", "dedup", "scan", "-"]
    done = subprocess.run(command, input=record.encode(), capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["summary"]["articles"] == 1
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "dedup", "schema"], stdout=closed, stderr=subprocess.PIPE, check=False, cwd=tmp_path
        )
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [(), ("scan",), ("inspect",), ("schema",)])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert "Usage" in out


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    probe = (
        "import sys, dedup.cli; from typer.testing import CliRunner; CliRunner().invoke(dedup.cli.app, ['--help']);"
        "print([m for m in ('numpy', 'trafilatura', 'publicsuffixlist', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True, text=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "real.json", tmp_path / "link.json", tmp_path / "pipe"
    link.symlink_to(target)
    assert run("scan", str(TINY), "-q", "-o", str(link))[0] == 0
    assert link.is_symlink()
    assert json.loads(target.read_bytes())["schema"] == "dedup.report/1"
    os.mkfifo(pipe)
    read_end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        # An empty corpus: its report fits into the pipe, so that nobody need read it meanwhile.
        (tmp_path / "empty.jsonl").write_bytes(b"")
        assert run("scan", str(tmp_path / "empty.jsonl"), "-q", "-o", str(pipe))[0] == 0
        assert json.loads(os.read(read_end, 65536))["summary"]["articles"] == 0
    finally:
        os.close(read_end)
    assert pipe.is_fifo()


@pytest.mark.parametrize("output", ["", "no-such-folder/report.json", "."])
def test_an_impossible_place_is_refused_before_the_work(output: str, tmp_path: Path) -> None:
    # The corpus is one that would be refused as well: the place is looked at first.
    code, _, err = run("scan", str(tmp_path / "absent.jsonl"), "-o", str(tmp_path / output) if output else "")
    assert code == 2
    assert "cannot write" in err


def test_half_a_report_wanted_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m dedup scan {TINY} -q | head -c 10; exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == b'{\n  "schem'
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
