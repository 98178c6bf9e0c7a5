"""What do options of the command line mean?

fields_of   the fields of records that people name
bytes_of    a size as people write it
"""

import re
from collections.abc import Iterable

import typer


def fields_of(options: Iterable[str] | None) -> dict[str, str]:
    """Return the field that is named for each thing: `text=story` says that `story` holds the text."""
    fields = {}
    for option in options or []:
        name, separator, field = option.partition("=")
        if not separator or not name or not field:
            raise typer.BadParameter(f"--field {option}: write NAME=FIELD, as in --field text=story")
        fields[name] = field
    return fields


def bytes_of(size: str) -> int:
    """Return the bytes of a size as people write it."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", size.strip(), re.IGNORECASE)
    if found is None:
        raise typer.BadParameter(f"--memory {size}: write a size, as in 500MB or 1GB")
    return int(float(found[1]) * 1000 ** " KMGT".index(found[2].upper() or " "))
