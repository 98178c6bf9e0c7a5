"""How does it read? An endless stream of tokens, cut into articles, laid out in sentences and paragraphs, written."""

from collections.abc import Iterator

import numpy as np

from synthesis.vocabulary import (
    BREAKS,
    CLOSES,
    DRAWS,
    FIRST_WORD,
    OPENS,
    PARTNERS,
    STOP,
    STOPS,
    SUCCESSORS,
    Tokens,
    Vocabulary,
)

# The stream is drawn in so many lanes at once, each so long.
LANES, STEPS = 1024, 512
# How often a content word draws one of its partners after it.
STICKING = 0.3
BREAKING, QUOTING = 0.3, 0.12

# The forms of a word: inside a sentence, at its start, at a paragraph's, and both of them behind a quotation mark.
INSIDE, SENTENCE, PARAGRAPH, QUOTE, QUOTED_PARAGRAPH = range(5)


class Stream:
    """Tokens without end, the same for the same generator."""

    def __init__(self, vocabulary: Vocabulary, generator: np.random.Generator) -> None:
        self._blocks = _blocks(vocabulary, generator)
        self._block = next(self._blocks)
        self._place = 0

    def take(self, count: int) -> Tokens:
        """Return the next `count` tokens; the first is a word."""
        while True:
            while self._place < len(self._block) and self._block[self._place] < FIRST_WORD:
                self._place += 1
            if self._place + count <= len(self._block):
                self._place += count
                return self._block[self._place - count : self._place].copy()
            self._block = np.concatenate((self._block[self._place :], next(self._blocks)))
            self._place = 0


def _blocks(vocabulary: Vocabulary, generator: np.random.Generator) -> Iterator[Tokens]:
    content, shape = vocabulary.content, (STEPS, LANES)
    classes, partners = vocabulary.next_class.ravel(), vocabulary.partners.ravel()
    state = np.full(LANES, STOP, dtype=np.int64)
    while True:
        block = np.empty(shape, dtype=np.uint16)
        successor = generator.integers(0, SUCCESSORS, shape, dtype=np.uint32)
        drawn = vocabulary.draws[generator.integers(0, DRAWS, shape, dtype=np.uint32)]
        partner = generator.integers(0, PARTNERS, shape, dtype=np.uint32)
        sticks = generator.random(shape, dtype=np.float32) < STICKING
        for step in range(STEPS):
            before = np.maximum(state - content, 0)
            stuck = sticks[step] & (state >= content)
            word = np.where(stuck, partners[before * PARTNERS + partner[step]], drawn[step])
            kind = classes[np.minimum(state, content) * SUCCESSORS + successor[step]]
            state = np.where(kind == content, word, kind).astype(np.int64)
            block[step] = state
        yield block.T.reshape(-1)


def lay_out(tokens: Tokens, generator: np.random.Generator) -> Tokens:
    """Return tokens with an end, some sentences between quotation marks (one at least, of two), and paragraphs."""
    while tokens[-1] < FIRST_WORD:
        tokens = tokens[:-1]
    tokens = np.append(tokens, np.uint16(STOP))
    ends = np.flatnonzero(tokens == STOP)
    chances = generator.random((2, len(ends)), dtype=np.float32)
    opens = chances[0] < QUOTING
    opens[len(ends) // 2 - 1] = True
    opens[-1] = False
    breaks = chances[1] < BREAKING
    breaks[-1] = False
    closes = np.concatenate(([False], opens[:-1]))
    tokens[ends] = STOP + closes * CLOSES + breaks * BREAKS + opens * OPENS
    return tokens


def ended(tokens: Tokens) -> Tokens:
    """Return tokens cut off at this place, as a whole article: the last is a plain stop."""
    cut = tokens.copy()
    cut[-1] = STOP
    return cut


class Writer:
    """Writes tokens in a script."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        signs, words = vocabulary.signs, vocabulary.words
        capital = [word[:1].upper() + word[1:] for word in words]
        before = {
            INSIDE: (signs.space, words),
            SENTENCE: (signs.space, capital),
            PARAGRAPH: ("", capital),
            QUOTE: (signs.space + signs.opening, capital),
            QUOTED_PARAGRAPH: (signs.opening, capital),
        }
        marks = [signs.comma, signs.dash, *(_stop(vocabulary, stop - STOP) for stop in STOPS)]
        forms = [text for lead, these in before.values() for text in marks + [lead + w for w in these[FIRST_WORD:]]]
        self._forms = np.array(forms, dtype=object)
        self._offset = np.zeros(len(words), dtype=np.int64)
        for stop in STOPS:
            variant = {0: SENTENCE, BREAKS: PARAGRAPH, OPENS: QUOTE}.get((stop - STOP) & ~CLOSES, QUOTED_PARAGRAPH)
            self._offset[stop] = variant * len(words)
        self._at_start = PARAGRAPH * len(words)
        self._words = words

    def text(self, tokens: Tokens) -> str:
        """Return what an article's tokens read like."""
        places = tokens.astype(np.int64)
        places[1:] += self._offset[tokens[:-1]]
        places[0] += self._at_start
        return "".join(self._forms[places].tolist())

    def plain(self, tokens: Tokens) -> list[str]:
        """Return the words among some tokens."""
        return [self._words[token] for token in tokens.tolist() if token >= FIRST_WORD]


def _stop(vocabulary: Vocabulary, bits: int) -> str:
    closing = vocabulary.signs.closing if bits & CLOSES else ""
    return vocabulary.signs.stop + closing + ("\n\n" if bits & BREAKS else "")
