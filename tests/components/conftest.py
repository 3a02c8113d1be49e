import pytest


@pytest.fixture(autouse=True)
def _in_a_preview_of_dev(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi.get_stack", lambda: "dev")
    monkeypatch.setattr("pulumi.get_project", lambda: "fitness-platform")
    monkeypatch.setattr("components.secrets.is_dry_run", lambda: True)
