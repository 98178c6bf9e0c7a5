"""How probable is it that two articles hold the same text at all?

What two pages share may be two fillings of one form, a stock phrase, or what stands around articles on a site. Which it
is, was read of real pairs (`benchmarks/matches.py`).

p_match          of two articles, by what they share
p_match_unseen   of an article and one of an outlet that nobody gave us
known_of_match   what is known of the first
"""

from math import log1p

from dedup.provenance.calibration import MATCH, MATCH_UNSEEN, calibrated
from dedup.provenance.model import Figures

# In a form that is filled in anew a number differs in every so many shared shingles, or sooner.
_FORM_WORDS = 50.0


def p_match(figures: Figures, numbers: int) -> float:
    """Return the probability that two bodies hold the same text, of which so many numbers differ."""
    return calibrated(MATCH, known_of_match(figures, numbers))


def p_match_unseen() -> float:
    """Return the probability that an article holds the text of one that nobody gave us: of that nothing is known."""
    return calibrated(MATCH_UNSEEN, {})


def known_of_match(figures: Figures, numbers: int) -> dict[str, float]:
    """Return what is known of two bodies: how much they share, how long the longer is (forms and furniture are short),
    and how many of their numbers differ for all that they share.
    """
    return {
        "shared": log1p(figures.shared),
        "longer": log1p(max(figures.source_size, figures.copy_size)),
        "numbers": log1p(_FORM_WORDS * numbers / max(1, figures.shared)),
    }
