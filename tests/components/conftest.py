import pytest


@pytest.fixture(autouse=True)
def _stack_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi.get_stack", lambda: "dev")
