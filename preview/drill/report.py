"""What a drill prints: for people, and the same for programs."""

from collections.abc import Iterator
from typing import Any

from preview.drill.findings import Findings


def as_text(findings: Findings) -> str:
    """Return findings for people."""
    return "\n".join(_lines(findings)) + "\n"


def _lines(findings: Findings) -> Iterator[str]:
    yield f"Drill: {findings.title}"
    yield ""
    for heading, facts in findings.facts:
        yield f"{heading}:"
        yield from (f"  {fact.about}: {fact.what}" for fact in facts)
        yield ""
    yield "Prerequisites:"
    for prerequisite in findings.prerequisites:
        yield f"  {'holds ' if prerequisite.holds else 'FAILS '} {prerequisite.id}: {prerequisite.needed}"
        yield from (f"           - {missing}" for missing in prerequisite.missing)
    yield ""
    failed = [prerequisite.id for prerequisite in findings.prerequisites if not prerequisite.holds]
    verdict = f"FAILED ({', '.join(failed)})" if failed else f"passed ({len(findings.prerequisites)} prerequisites)"
    yield f"Drill: {verdict}"


def as_json(findings: Findings) -> dict[str, Any]:
    """Return findings for programs."""
    return {
        "title": findings.title,
        "passed": findings.passed,
        "facts": {heading: {fact.about: fact.what for fact in facts} for heading, facts in findings.facts},
        "prerequisites": [
            {"id": one.id, "needed": one.needed, "holds": one.holds, "missing": list(one.missing)}
            for one in findings.prerequisites
        ],
    }
