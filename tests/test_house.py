"""The house: ARCHITECTURE.md names what is there, imports point down, public names are what they seem."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

import dedup

# Lower rooms first; a module may import from its own room and from rooms before it.
ROOMS = [
    "errors",
    "tables",
    "garbage",
    "beside",
    "article",
    "_core",
    "domains",
    "outlets",
    "register",
    "addresses",
    "iranian",
    "calendar",
    "scheme",
    "fingerprint",
    "rules",
    "place",
    "packing",
    "extraction",
    "readers",
    "boilerplate",
    "intake",
    "match",
    "provenance",
    "comparison",
    "report",
    "corpus",
    "inspection",
    "progress",
    "output",
    "options",
    "cli",
    "__main__",
]
PROVENANCE = [
    "blocks",
    "surroundings",
    "zones",
    "clocks",
    "rulebook",
    "names",
    "media",
    "anchors",
    "dating",
    "evidence",
    "doubts",
    "residues",
    "model",
    "votes",
    "texts",
    "parents",
    "tree",
    "marginals",
    "decision",
    "passages",
    "edits",
    "calibration",
    "matched",
    "standing",
    "rather",
    "edges",
    "unnamed",
    "trace",
    "pages",
    "sharing",
    "furniture",
    "further",
    "links",
    "callings",
    "bearing",
    "versions",
    "habits",
    "families",
]
# Heavy libraries, and the only places that may import them.
EDGES: dict[str, set[str]] = {
    "trafilatura": {"extraction"},
    "htmldate": {"extraction"},
    "py3langid": {"extraction"},
    "resiliparse": {"extraction"},
    "publicsuffixlist": {"domains"},
    "fastwarc": {"readers"},
    "pyarrow": {"readers"},
    "sklearn": set(),
    "rich": {"report", "progress", "output"},
    "typer": {"cli", "output", "options"},
}
MODULES = sorted((ROOT / "dedup").rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the full names of all modules a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "dedup").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "dedup" and len(parts) > 1 and parts[1] in ROOMS:
            assert ROOMS.index(parts[1]) <= ROOMS.index(room), f"{path.name} imports {name}"
        if parts[:2] == ["dedup", "provenance"] and room == "provenance" and len(parts) > 2 and parts[2] in PROVENANCE:
            assert PROVENANCE.index(parts[2]) < PROVENANCE.index(path.stem), f"{path.name} imports {name}"
        if parts[0] in EDGES:
            assert room in EDGES[parts[0]], f"{path.name} imports {name}"


def test_every_room_is_known() -> None:
    assert {room_of(path) for path in MODULES} - {"__init__"} <= set(ROOMS)


def test_architecture_names_only_what_is_there_and_all_of_it() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:dedup|core|tests|benchmarks|corpora)/[\w./*]*)`", text))
    for name in named:
        assert list(ROOT.glob(name.rstrip("/"))), f"ARCHITECTURE.md names {name}, which is not there"
    for path in [*(ROOT / "dedup").iterdir(), *(ROOT / "core" / "src").glob("*.rs")]:
        name = path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else "")
        dull = ("__pycache__", "__init__.py", "__main__.py", "_core", "py.typed", "lib.rs")
        assert name in named or any(part in name for part in dull), f"ARCHITECTURE.md does not name {name}"
    for path in MODULES:
        assert path.name in (*dull, "__main__.py") or path.name in text, f"ARCHITECTURE.md does not name {path}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320


def test_public_names_are_all_there_and_nothing_else_is(tmp_path: Path) -> None:
    assert dedup.__all__ == sorted(dedup.__all__, key=lambda name: (name.strip("_")[0].islower(), name))
    for name in dedup.__all__:
        assert getattr(dedup, name) is not None
    probe = "import dedup; print(sorted(n for n in vars(dedup) if not n.startswith('_')))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert set(ast.literal_eval(done.stdout)) <= {*dedup.__all__, "TYPE_CHECKING"}
    with pytest.raises(AttributeError):
        _ = dedup.detect  # type: ignore[attr-defined]
