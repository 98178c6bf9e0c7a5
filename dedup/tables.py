"""Which tables stand in a TOML file that people edit?"""

import tomllib

from dedup.errors import UsageError


def tables_of(data: bytes, path: str, name: str) -> list[tuple[str, object]]:
    """Return what stands under each `[[name]]` of a file, with the words for its place. Raises UsageError where the
    file holds something else.

    >>> tables_of(b"[[line]]\\npages = 3", "lines.toml", "line")
    [('lines.toml: line 1', {'pages': 3})]
    """
    try:
        tables = tomllib.loads(data.decode()).get(name, [])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: not a file of {name}s ({error})") from error
    if not isinstance(tables, list):
        raise UsageError(f"{path}: write each {name} under [[{name}]]")
    return [(f"{path}: {name} {number}", table) for number, table in enumerate(tables, 1)]
