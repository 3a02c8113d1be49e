"""Generated pages are current, and their links lead somewhere."""

import re
from pathlib import Path

import pytest

from guardrails import ALL_GUARDRAILS
from tools.clauses import load_clauses, standing
from tools.generate_docs import DOCS, PAGES, guarded

_LINK = re.compile(r"\]\((?!https?:)([^)#]+)?(?:#([^)]+))?\)")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("page", [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, anchor


def test_guardrail_page_lists_what_has_guardrails() -> None:
    headings = re.findall(r"^## (.*)$", PAGES["guardrails.md"](), flags=re.MULTILINE)
    assert headings == [clause.id for clause in load_clauses() if clause.id in guarded()]


def test_traceability_page_leads_to_what_keeps_a_clause() -> None:
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGES["traceability.md"](), re.MULTILINE | re.DOTALL))
    assert list(sections) == [clause.id for clause in load_clauses()]
    for guardrail in ALL_GUARDRAILS:
        for clause in guardrail.clauses:
            assert f"[{guardrail.id}](guardrails.md#{guardrail.id})" in sections[clause]
    for clause in load_clauses():
        assert ("**Open**" in sections[clause.id]) is (standing(clause, guarded()) == "open")
        assert ("Outside" in sections[clause.id]) is bool(clause.outside)
    backups = sections["db-backup-35d"]
    assert "| `aws:rds/instance:Instance` named `database-primary` | `backupRetentionPeriod` | 35 |" in backups
    assert "[fitness-platform:database backupRetentionDays](configuration.md#fitness-platformdatabase) (35)" in backups
