"""Ends every run with how many clauses of the decision something keeps."""

import pytest

from guardrails import ALL_GUARDRAILS
from tools.clauses import ClauseTableError, load_clauses, summary

pytest.register_assert_rewrite("tests.stacks.patching", "tests.policies", "tests.components.reading")  # to say how


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    guarded = {clause for guardrail in ALL_GUARDRAILS for clause in guardrail.clauses}
    try:
        terminalreporter.write_line(f"clauses: {summary(load_clauses(), guarded)}")
    except ClauseTableError as error:
        terminalreporter.write_line(f"clauses: {error}", red=True)
