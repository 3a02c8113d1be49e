"""Generated pages are current, and every clause that the code names is in the clause table."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from components import StackSettings
from components.settings_base import KeepsAdr, Settings
from guardrails import ALL_GUARDRAILS
from tools.generate_docs import DOCS, PAGES, clauses, settings_in

_LINK = re.compile(r"\]\((?!https?:)([^)#]+)?(?:#([^)]+))?\)")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def _markers(model: type[Settings]) -> Iterator[KeepsAdr]:
    for field in model.model_fields.values():
        yield from (item for item in field.metadata if isinstance(item, KeepsAdr))
        if nested := settings_in(field.annotation):
            yield from _markers(nested)


def test_clauses_named_by_the_code_are_in_the_table_and_the_other_way_round() -> None:
    by_guardrails = {clause for guardrail in ALL_GUARDRAILS for clause in guardrail.clauses}
    by_settings = {marker.clause for marker in _markers(StackSettings)}
    assert by_guardrails | by_settings | {"enc-kms"} == set(clauses())


@pytest.mark.parametrize("page", [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, anchor
