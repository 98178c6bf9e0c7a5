"""Do our words end where linguists' words end? Agreement with treebank tokens, one line for each language.

A boundary is a place between two neighbouring content characters (letters, marks, numbers) of a text, white space
and punctuation left out; the ends of the text do not count. The table gives precision, recall and F1 of our
boundaries against the treebank's, then how many texts were compared and how many skipped because their tokens do
not spell the text.

What to expect. Treebanks cut clitics and auxiliaries off (Arabic w+, l+, b+, +h; English n't, 's; Korean +itta;
Turkish copulas). Nothing in the writing shows those boundaries, we do not make them, and recall pays: most in
Arabic and Korean. Hyphens and decimal points are boundaries to us and mostly not to treebanks: precision pays. In
scripts without spaces every base character is a word of ours by design, so recall is near 1 and precision tells
only how long that language's words are.
"""

import argparse
import gzip
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from dedup import _core

DOCUMENTS = Path(__file__).parents[2] / "shared" / "data" / "multilingual_pud" / "documents.jsonl.gz"
UNSPACED = {"ja", "lo", "km", "my", "th", "zh"}


@dataclass
class Tally:
    """Boundaries counted over the texts of one language."""

    ours: int = 0
    theirs: int = 0
    both: int = 0
    texts: int = 0
    skipped: int = 0

    def row(self, language: str) -> str:
        """Return one line of the table."""
        precision = self.both / self.ours if self.ours else 0.0
        recall = self.both / self.theirs if self.theirs else 0.0
        f1 = 2 * self.both / (self.ours + self.theirs) if self.ours + self.theirs else 0.0
        note = "  no spaces: a word for each base character" if language in UNSPACED else ""
        return f"{language:<8} {precision:9.4f} {recall:9.4f} {f1:9.4f} {self.texts:7} {self.skipped:7}{note}"


def is_content(character: str) -> bool:
    """Return whether a boundary may lie beside this character."""
    return unicodedata.category(character)[0] in "LMN"


def boundaries(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the boundaries that spans make, each as the number of content characters before it."""
    before = [0]
    for character in text:
        before.append(before[-1] + is_content(character))
    places = {before[place] for span in spans for place in span if before[span[0]] < before[span[1]]}
    return places - {0, before[-1]}


def token_spans(text: str, tokens: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where each token stands in the text, one after the other; ValueError if one does not."""
    end = 0
    for token in tokens:
        start = text.index(token, end)
        if any(map(is_content, text[end:start])):
            raise ValueError(f"characters before {token!r} belong to no token")
        end = start + len(token)
        yield start, end


def compare(path: Path) -> dict[str, Tally]:
    """Return one tally for each language of the documents."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    with gzip.open(path) as lines:
        for document in map(orjson.loads, lines):
            text, tally = document["text"], tallies[document["lang"]]
            try:
                theirs = boundaries(text, token_spans(text, document["tokens"]))
            except ValueError:
                tally.skipped += 1
                continue
            _, starts, ends = _core.words(text)
            ours = boundaries(text, zip(starts.tolist(), ends.tolist(), strict=True))
            tally.ours += len(ours)
            tally.theirs += len(theirs)
            tally.both += len(ours & theirs)
            tally.texts += 1
    return tallies


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "documents", nargs="?", type=Path, default=DOCUMENTS, help="JSON Lines, gzipped: lang, text, tokens"
    )
    tallies = compare(parser.parse_args().documents)
    print("language precision    recall        F1   texts skipped")
    for language in sorted(tallies):
        print(tallies[language].row(language))


if __name__ == "__main__":
    main()
