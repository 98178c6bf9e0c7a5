"""What does dedup read on one page?"""

import numpy as np

from dedup.article import Article
from dedup.boilerplate import layout_of
from dedup.intake import Intake, as_given
from dedup.outlets import Directory
from dedup.provenance.evidence import read
from dedup.report.model import ReportedArticle


def inspect(article: Article) -> ReportedArticle:
    """Return one page's blocks, dates and evidence, read without any other page to compare it with.

    >>> page = inspect(Article("a", "By Rain Post\\n\\nRain fell.", outlet="Dry Herald", url="https://dryherald.org/a"))
    >>> [str(block.kind) for block in page.blocks]
    ['byline', 'None']
    """
    intake = Intake()
    intake.core.push([as_given(article)])  # blank pages too, which a scan refuses
    intake.sort()
    intake.learn()
    layout = layout_of(intake.core, np.zeros(1, dtype=np.uint32))
    blocks = layout.of(0)
    reading = read(article, blocks, layout.words.tolist(), Directory([article]))
    return ReportedArticle(article, reading, tuple(blocks), int(layout.words.sum()))
