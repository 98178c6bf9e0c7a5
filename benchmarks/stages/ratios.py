"""Which ratios matter? Ours beside the peers, a scan beside a bare parse, every script beside English."""

from stages.table import OURS, Row

ENOUGH_RECALL = 0.99
PARSE = "orjson.loads"
SCANS = ("scan .jsonl", "scan .jsonl.gz", "scan .jsonl.zst")

Ratios = dict[tuple[str, str], float]


def of_stages(rows: list[Row]) -> Ratios:
    """Return, on one core and on all, how many times as fast ours is as the fastest peer, and how many times a bare
    parse a scan takes.
    """
    return {
        (f"{name}, {cores} core{'s' * (cores > 1)}", "x"): ratio
        for cores in sorted({row.cores for row in rows})
        for name, ratio in _on(cores, rows).items()
    }


def _on(cores: int, rows: list[Row]) -> dict[str, float]:
    ours = {row.stage: row for row in rows if row.program == OURS and row.cores == cores}
    peers = [row for row in rows if row.program != OURS and row.cores == cores]
    found = {}
    for name, stage, rivals in (
        ("signature / fastest peer", "signature", [row for row in peers if row.stage == "signature"]),
        (
            f"verified pairs / fastest peer's candidates of recall {ENOUGH_RECALL}",
            "pairs",
            [row for row in peers if (row.recall or 0) >= ENOUGH_RECALL],
        ),
        ("verified pairs / fastest peer's candidates", "pairs", [row for row in peers if row.recall is not None]),
    ):
        if rivals:
            best = min(rivals, key=lambda row: row.seconds)
            found[f"{name} ({best.program}{'' if best.stage == stage else ' ' + best.stage})"] = (
                best.seconds / ours[stage].seconds
            )
    for stage in SCANS:
        found[f"{stage} / orjson.loads"] = ours[stage].seconds / ours[PARSE].seconds
    return found
