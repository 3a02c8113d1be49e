import pytest

from tests.components.reading import load, mistakes, stack_of

_MASTER, _APP = "fitness-platform:databaseMasterPassword", "fitness-platform:databaseAppPassword"
_VALUE = "correct horse battery staple"


def test_a_preview_needs_no_secret() -> None:
    assert load(stack_of()).platform.environment == "dev"


def test_an_update_without_secrets_fails_and_names_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.secrets.is_dry_run", lambda: False)
    master, app = mistakes(stack_of())
    assert master.startswith(f"{_MASTER}: missing, the password of the database's owner; ")
    assert master.endswith("set it by: pulumi config set --secret databaseMasterPassword")
    assert app.startswith(f"{_APP}: missing, the password that services log in to the database with; ")
    assert app.endswith("set it by: pulumi config set --secret databaseAppPassword")


def test_an_update_with_secrets_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.secrets.is_dry_run", lambda: False)
    values = stack_of() | {_MASTER: _VALUE, _APP: _VALUE}
    assert load(values, secrets=(_MASTER, _APP)).platform.environment == "dev"


def test_a_secret_in_plain_text_is_refused_and_not_repeated() -> None:
    [mistake] = mistakes(stack_of() | {_MASTER: _VALUE, _APP: _VALUE}, secrets=(_APP,))
    assert mistake == (
        f"{_MASTER}: found plain text, not a secret; set it by: pulumi config set --secret databaseMasterPassword"
    )
