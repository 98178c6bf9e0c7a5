"""What does dedup read on one page?"""

from dedup.article import Article
from dedup.intake import layout_alone
from dedup.outlets import Directory
from dedup.provenance.evidence import read
from dedup.report.model import ReportedArticle


def inspect(article: Article) -> ReportedArticle:
    """Return one page's blocks, dates and evidence, read without any other page to compare it with.

    >>> page = inspect(Article("a", "By Rain Post\\n\\nRain fell.", outlet="Dry Herald", url="https://dryherald.org/a"))
    >>> [str(block.kind) for block in page.blocks]
    ['byline', 'None']
    """
    layout = layout_alone(article)
    blocks = layout.of(0)
    reading = read(article, blocks, layout.words.tolist(), Directory([article]))
    return ReportedArticle(article, reading, tuple(blocks), int(layout.words.sum()))
