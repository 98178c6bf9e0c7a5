"""How does a report look as plain values? Its keys are a contract: add, never rename."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import orjson

from dedup import __version__
from dedup.article import Block
from dedup.boilerplate.confidence import confidence
from dedup.boilerplate.kept import kept
from dedup.comparison import Comparison
from dedup.provenance.clocks import Date
from dedup.provenance.doubts import doubts_of
from dedup.provenance.evidence import Evidence
from dedup.provenance.model import Credit, Edit, EditKind, Family, Pair, Passage, Republication
from dedup.report.model import SCHEMA, Report, ReportedArticle
from dedup.report.plain import latent_document, outlet_document, rounded, span_document

_INDENT = b"  "
_HEADLINE = EditKind.HEADLINE
# So long is what two lists begin with, and what they end with.
_OPENED = len(b"[\n  [\n")
# So long is a moment in ISO 8601 up to its seconds.
_SECONDS = 19


def report_document(report: Report, with_text: bool) -> dict[str, object]:
    """Return a report under the keys of `dedup.report/1`."""
    return {key: list(part) if isinstance(part, Iterator) else part for key, part in _parts(report, with_text).items()}


def report_json(report: Report, with_text: bool) -> Iterator[bytes]:
    """Yield the JSON of that in pieces, indented: of a large report only the piece at hand is held."""
    before = b"{\n"
    for key, part in _parts(report, with_text).items():
        yield before + _INDENT + orjson.dumps(key) + b": "
        yield from _list_json(part) if isinstance(part, Iterator) else [_indented(part, _INDENT)]
        before = b",\n"
    yield b"\n}\n"


def _credits(report: Report) -> dict[str, int]:
    """Count what all copies whose source is known say of their origin."""
    edges = (edge for family in report.families for edge in family.republications)
    counts = Counter(edge.credit for edge in edges if edge.determined)
    return {str(label): counts[label] for label in Credit}


def _list_json(items: Iterator[object]) -> Iterator[bytes]:
    before = b"[\n"
    for item in items:
        # Two lists around it indent it as deep as it stands in the report.
        nested = orjson.dumps([[item]], option=orjson.OPT_INDENT_2)
        yield before + nested[_OPENED:-_OPENED]
        before = b",\n"
    yield b"[]" if before == b"[\n" else b"\n" + _INDENT + b"]"


def _indented(value: object, by: bytes) -> bytes:
    # Strings hold no line break: JSON escapes it.
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n" + by)


def _parts(report: Report, with_text: bool) -> dict[str, object]:
    """Return what stands under each key; what may be long as an iterator."""
    republications = sum(len(family.republications) for family in report.families)
    return {
        "schema": SCHEMA,
        "run": {
            "version": __version__,
            "scheme": report.run.scheme,
            "options": dict(report.run.options),
            "started": _moment(report.run.started),
            "seconds": round(report.run.seconds, 3),
            "inputs": [{"path": i.path, "articles": i.articles, "skipped": i.skipped} for i in report.inputs],
        },
        "summary": {
            "articles": report.read,
            "matched": report.matched,
            "unmatched": report.read - report.matched,
            "outlets": report.outlet_count,
            "families": len(report.families),
            "republications": republications,
            "links": len(report.links),
            "boilerplate_only": report.boilerplate_only,
            "independent_origins": sum(len(family.roots) for family in report.families),
            "credits": _credits(report),
            "skipped": len(report.skipped),
            "capped": report.capped,
        },
        "articles": (article_document(article, with_text) for article in report.articles),
        "families": map(_family, report.families),
        "links": map(_republication, report.links),
        "latent_sources": map(latent_document, report.latent_sources),
        "outlets": map(outlet_document, report.outlets),
        "skipped": ({"path": s.path, "line": s.line, "reason": s.reason} for s in report.skipped),
    }


def article_document(reported: ReportedArticle, with_text: bool = False) -> dict[str, object]:
    """Return one article with its dates, boilerplate and evidence."""
    article, reading = reported.article, reported.reading
    document: dict[str, object] = {
        "id": article.id,
        "url": article.url,
        "outlet": reading.host,
        "outlet_inferred": reading.host_inferred,
        "title": article.title,
        "digest": reported.digest,
        "words": reported.words,
        "dates": [_date(date) for date in reading.dates],
        "clock_doubts": [
            {"reason": doubt.reason, "days": doubt.days, "by": _date(doubt.by)} for doubt in doubts_of(reading)
        ],
        "boilerplate": [_boilerplate(block) for block in reported.blocks if block.kind is not None],
        "evidence": [_evidence(item) for item in reading.evidence if item.weight],
    }
    return document | ({"text": article.text} if with_text else {})


def page_document(reported: ReportedArticle) -> dict[str, object]:
    """Return one article with its text and all its blocks, as `dedup inspect --json` prints it."""
    return article_document(reported, with_text=True) | {
        "blocks": [
            {
                "start": block.span.start,
                "end": block.span.end,
                "role": "body" if block.kind is None else "boilerplate",
                "kind": block.kind,
                "in_main": reported.article.in_main(block.span),
                "kept": is_kept,
            }
            for block, is_kept in zip(reported.blocks, kept(reported.article, reported.blocks), strict=True)
        ]
    }


def comparison_json(found: Comparison) -> bytes:
    """Return the line of JSON that tells what two articles share, as `dedup compare --json` prints it."""
    figures = found.figures
    document = {
        "source": found.source.id,
        "copy": found.copy.id,
        "kind": found.kind,
        "resemblance": figures.resemblance if figures else None,
        "containment_of_source": figures.containment_of_source if figures else None,
        "containment_of_copy": figures.containment_of_copy if figures else None,
        "passages": _passage_documents(found.passages),
        "edits": _edit_documents(found.edits.listed),
        "edits_left_out": found.edits.left_out,
    }
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def _moment(moment: datetime) -> str:
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()[:_SECONDS] + "Z"


def _date(date: Date) -> dict[str, object]:
    return {
        "not_before": _moment(date.not_before),
        "not_after": _moment(date.not_after),
        "owner": date.owner,
        "source": date.source,
        "precision": date.precision,
        "zone": "known" if date.zone_known else "unknown",
        "start": date.span.start if date.span else None,
        "end": date.span.end if date.span else None,
    }


def _boilerplate(block: Block) -> dict[str, object]:
    return {
        "start": block.span.start,
        "end": block.span.end,
        "kind": block.kind,
        "learned_from": {"cues": block.cues, "pages": block.pages, "outlets": block.outlets},
        "confidence": confidence(block),
    }


def _evidence(item: Evidence) -> dict[str, object]:
    return {
        "rule": item.rule,
        "class": item.evidence_class,
        "article": item.article,
        "start": item.span.start if item.span else None,
        "end": item.span.end if item.span else None,
        "quote": item.quote,
        "names": item.names,
        "weight": item.weight,
    }


def _family(family: Family) -> dict[str, object]:
    latent = any(source.id == family.origin for source in family.latent_sources)
    return {
        "id": family.id,
        "articles": list(family.articles),
        "origin": {
            "article": None if latent else family.origin,
            "latent": family.origin if latent else None,
            "probability": rounded(family.p_origin),
        },
        "independent_origins": list(family.roots),
        "versions": [{"article": v.article, "of": v.of, "reason": v.reason} for v in family.versions],
        "matches": _pairs(family.pairs),
        "republications": [_republication(edge) for edge in family.republications],
        "chains": [list(chain) for chain in family.chains],
    }


def _pairs(pairs: Iterable[Pair]) -> list[dict[str, object]]:
    return [
        {
            "left": left,
            "right": right,
            "resemblance": shared / (left_size + right_size - shared),
            "containment_of_left": shared / left_size,
            "containment_of_right": shared / right_size,
        }
        for left, right, shared, left_size, right_size in pairs
    ]


def _passage_documents(passages: Iterable[Passage]) -> list[dict[str, object]]:
    return [
        {
            "source": span_document(passage.source),
            "copy": span_document(passage.copy),
            "words": passage.words,
            "verbatim": passage.verbatim,
            "text": passage.text,
        }
        for passage in passages
    ]


def _republication(edge: Republication) -> dict[str, object]:
    figures = edge.figures
    return {
        "source": edge.source,
        "copy": edge.copy,
        "kind": edge.kind,
        "resemblance": figures.resemblance if figures else None,
        "containment_of_source": figures.containment_of_source if figures else None,
        "containment_of_copy": figures.containment_of_copy if figures else None,
        "direction": "determined" if edge.determined else "undetermined",
        "probability": {
            "match": rounded(edge.p_match),
            "direction": rounded(edge.p_direction),
            "parent": rounded(edge.p_parent),
        },
        "credit": edge.credit,
        "passages": _passage_documents(edge.passages),
        "evidence": [_evidence(item) for item in edge.evidence],
        "edits": _edit_documents(edge.edits.listed),
        "edits_left_out": edge.edits.left_out,
        "alternatives": [{"source": source, "probability": rounded(p)} for source, p in edge.alternatives],
        "flips_if": [{"without": term, "source": source} for term, source in edge.flips_if],
        "habit": None if edge.habit is None else edge.habit._asdict(),
        "further_sources": [
            {"source": further.source, "passages": _passage_documents(further.passages)} for further in edge.further
        ],
    }


def _edit_documents(edits: Iterable[Edit]) -> list[dict[str, object]]:
    # A headline has no Span, and stands in its place.
    return [
        {
            "kind": kind,
            "source": before if kind is _HEADLINE else span_document(source),
            "copy": after if kind is _HEADLINE else span_document(copy),
            "source_text": before,
            "copy_text": after,
        }
        for kind, source, copy, before, after in edits
    ]
