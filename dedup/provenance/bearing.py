"""What is a page's evidence worth beside the texts of others?

A label ("Source: …") or a byline that names an outlet may mean a chart or a person; where that outlet has the very same
text it hardly does.
"""

from collections.abc import Sequence

from dedup.provenance.evidence import Evidence
from dedup.provenance.names import same_name


def borne_out(evidence: Sequence[Evidence], holders: frozenset[str]) -> tuple[Evidence, ...]:
    """Return evidence with its full weight where the outlet it names is one of `holders` of the text, without what
    weighs nothing then.

    The full weight of an item is `borne`; before, `weight` says what it is worth on a page alone.
    """
    if not evidence:
        return ()
    borne = (
        item._replace(weight=item.borne)
        if item.borne > item.weight and any(same_name(item.names, holder) for holder in holders)
        else item
        for item in evidence
    )
    return tuple(item for item in borne if item.weight)
