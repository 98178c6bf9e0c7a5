"""How do outlets and unseen sources look as plain values, and what all others are made of?"""

from dedup.article import Span
from dedup.provenance.model import Credit, LatentSource
from dedup.report.shares import OutletShare, Share

_DECIMALS = 6


def rounded(value: float) -> float:
    """Return a figure with as many decimals as a report gives."""
    return round(value, _DECIMALS)


def span_document(span: Span | None) -> dict[str, int] | None:
    """Return a Span, or None where there is none."""
    return None if span is None else {"start": span.start, "end": span.end}


def latent_document(latent: LatentSource) -> dict[str, object]:
    """Return an unseen source, with how it is known of."""
    return {
        "id": latent.id,
        "outlet": latent.outlet,
        "named_by": list(latent.named_by),
        "crawl_hints": [{"kind": kind, "value": value} for kind, value in latent.crawl_hints],
        "copy_of": latent.copy_of,
        "agreements": [
            {
                "articles": [agreement.one, agreement.other],
                "lacking": agreement.lacking,
                "shingles": agreement.shingles,
                "start": agreement.span.start,
                "end": agreement.span.end,
                "text": agreement.text,
            }
            for agreement in latent.agreements
        ],
    }


def outlet_document(share: OutletShare) -> dict[str, object]:
    """Return an outlet's part in all families."""
    return {
        "outlet": share.outlet,
        "name": share.name,
        "articles": share.articles,
        "first": share.first,
        "borrowed": share.borrowed,
        "lent": share.lent,
        "credits": {str(label): share.credits.get(label, 0) for label in Credit},
        "credited_share": None if share.credited_share is None else rounded(share.credited_share.value),
        "shares": {
            "borrowed": _share(share.borrowed_share),
            "lent": _share(share.lent_share),
            "credited": _share(share.credited_share),
        },
        "clock": share.clock._asdict(),
        "partners": [{"outlet": p.outlet, "borrowed": p.borrowed, "lent": p.lent} for p in share.partners],
    }


def _share(share: Share | None) -> dict[str, float] | None:
    return None if share is None else {key: rounded(value) for key, value in share._asdict().items()}
