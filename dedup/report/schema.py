"""What is the report's contract? A JSON Schema (2020-12)."""

from importlib.resources import files


def schema_json() -> bytes:
    """Return the JSON Schema of `dedup.report/1`, as `dedup schema` prints it."""
    return (files("dedup.report") / "schema.json").read_bytes()
