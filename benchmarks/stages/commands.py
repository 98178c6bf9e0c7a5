"""What did a command take, and did it do what it should? Commands run by command.py, each in a fresh process."""

import sys
from pathlib import Path
from typing import Any

import measuring
import orjson

PYTHON = (sys.executable, "-P")
DEDUP = (*PYTHON, "-m", "dedup")

# `dedup scan` is done, or done but some input could not be read.
DONE = (0, 3)

Figures = dict[str, Any]


class Failed(Exception):
    """A command did not do what it should; the message is the last thing it said."""


def run(cores: int, *command: str, done: tuple[int, ...] = (0,)) -> Figures:
    """Return what a command took on so many cores and what it printed, or raise Failed."""
    figures: Figures = measuring.in_fresh_process(measuring.HERE / "stages" / "command.py", str(cores), *command)
    if figures["code"] not in done:
        last = [line.strip("│╭╮╰╯─ ") for line in str(figures["said"]).splitlines()]
        raise Failed(next((line for line in reversed(last) if line), f"exit code {figures['code']}"))
    return figures


def scan(corpus: Path, report: Path, cores: int, *options: str) -> Figures:
    """Return what `dedup scan` took, file to report, start of the interpreter included, and what its summary says."""
    measuring.in_memory(corpus)
    figures = run(cores, *DEDUP, "scan", str(corpus), "--quiet", "-o", str(report), *options, done=DONE)
    summary = orjson.loads(report.read_bytes())["summary"]
    told = {name: summary[name] for name in ("articles", "skipped", "capped", "matched")}
    return {"seconds": figures["seconds"], "peak": figures["peak"], "grown": figures["peak"], **told}
