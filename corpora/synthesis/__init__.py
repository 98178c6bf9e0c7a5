"""Made-up news articles of any number, some of them republications, with the truth about each.

articles     the articles alone
synthesize   the articles, each with what is true of it
"""

from synthesis.pages import Truth, articles, synthesize
from synthesis.vocabulary import SCRIPTS

__all__ = ["SCRIPTS", "Truth", "articles", "synthesize"]
