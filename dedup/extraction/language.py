"""In which language is a text written?"""

from typing import Final

# So many characters tell the language as well as all of them would, and cost far less.
SAMPLE: Final = 300
# Of fewer letters nothing can be said.
LEAST: Final = 20


def language_of(text: str) -> str | None:
    """Return the language of a text's beginning by its code (ISO 639-1), or None where there is too little of it."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < LEAST:
        return None
    # Its model takes a second and some 100 MB, so it is loaded for the first page that does not state its language.
    from py3langid import classify

    language: str = classify(sample)[0]
    return language
