"""How is an article kept as bytes?

packed     all of an article but its id and its text -> bytes, of this version of Python and for this run only
unpacked   and back
"""

import marshal

from dedup.article import Article, Elements, Mark, Span


def packed(article: Article) -> bytes:
    """Return all of an article but its id and its text.

    >>> unpacked("a", "Rain fell.", packed(Article("a", "Rain fell.", title="Rain", main=(Span(0, 4),)))).main
    (Span(start=0, end=4),)
    """
    # Marshalling takes other classes of text and number for bytes, without a word.
    stated = [text if text is None else str(text) for text in said_of(article)]
    marks = [(str(mark.name), str(mark.value)) for mark in article.marks]
    rows = list(Elements.of(article.elements).rows)
    path = article.path if article.path is None else str(article.path)
    line = article.line if article.line is None else int(article.line)
    return marshal.dumps((stated, marks, edges_of_main(article), rows, path, line))


def unpacked(id_: str, text: str, rest: bytes) -> Article:
    """Return the article of this id and text of which `rest` was packed."""
    stated, marks, edges, rows, path, line = marshal.loads(rest)
    url, outlet, title, byline, published, modified, fetched, language = stated
    return Article(
        id_, text, url, outlet, title, byline, published, modified, fetched, language,
        tuple(Mark(*mark) for mark in marks),
        None if edges is None else tuple(map(Span, edges[::2], edges[1::2])),
        Elements(rows),
        path, line,
    )  # fmt: skip


def said_of(article: Article) -> tuple[str | None, ...]:
    """Return what a source says of an article beside its id and its text."""
    return (article.url, article.outlet, article.title, article.byline, article.published, article.modified,
            article.fetched, article.language)  # fmt: skip


def edges_of_main(article: Article) -> list[int] | None:
    """Return where each of the main parts starts and ends, one after the other."""
    return None if article.main is None else [int(edge) for part in article.main for edge in (part.start, part.end)]
