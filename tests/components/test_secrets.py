import asyncio

import pytest
from pulumi.runtime import set_all_config

from components.secrets import SECRETS, origin_tokens
from tests.components.reading import load, mistakes, stack_of

_NAMESPACE = "fitness-platform:"
_MASTER, _APP = f"{_NAMESPACE}databaseMasterPassword", f"{_NAMESPACE}databaseAppPassword"
_TOKEN, _PREVIOUS = f"{_NAMESPACE}originVerifyToken", f"{_NAMESPACE}originVerifyTokenPrevious"
_VALUE, _TOKEN_VALUE = "correct horse battery staple", "Correct-Horse_Battery-Staple-0123"
_GIVEN = {_MASTER: _VALUE, _APP: _VALUE, _TOKEN: _TOKEN_VALUE}


@pytest.fixture
def _in_an_update(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.secrets.is_dry_run", lambda: False)


def test_a_preview_needs_no_secret() -> None:
    assert load(stack_of()).platform.environment == "dev"


@pytest.mark.usefixtures("_in_an_update")
def test_an_update_without_secrets_fails_and_names_the_commands() -> None:
    master, app, token = mistakes(stack_of())
    assert master.startswith(f"{_MASTER}: missing, the password of the database's owner; ")
    assert master.endswith("set it by: pulumi config set --secret databaseMasterPassword")
    assert app.startswith(f"{_APP}: missing, the password that services log in to the database with; ")
    assert app.endswith("set it by: pulumi config set --secret databaseAppPassword")
    assert token.startswith(f"{_TOKEN}: missing, the token by which the load balancer knows requests of the edge; ")
    assert token.endswith("set it by: pulumi config set --secret originVerifyToken")


@pytest.mark.usefixtures("_in_an_update")
@pytest.mark.parametrize("more", [{}, {_PREVIOUS: "a" * 32}])
def test_an_update_with_secrets_goes_on(more: dict[str, str]) -> None:
    values = _GIVEN | more
    assert load(stack_of() | values, secrets=values).platform.environment == "dev"


@pytest.mark.parametrize("key", sorted(SECRETS))
def test_a_secret_in_plain_text_is_refused_and_not_repeated(key: str) -> None:
    found = f"{_NAMESPACE}{key}"
    values = _GIVEN | {found: _TOKEN_VALUE}
    assert mistakes(stack_of() | values, secrets=values.keys() - {found}) == [
        f"{found}: found plain text, not a secret; set it by: pulumi config set --secret {key}"
    ]


@pytest.mark.usefixtures("_in_an_update")
@pytest.mark.parametrize("key", [_TOKEN, _PREVIOUS])
@pytest.mark.parametrize("value", ["a" * 31, "a" * 129, f"{'a' * 32}*", f"{'a' * 32}?", f"{'a' * 32}\n", ""])
def test_a_token_that_the_load_balancer_would_read_otherwise_is_refused_and_not_repeated(key: str, value: str) -> None:
    values = _GIVEN | {key: value}
    assert mistakes(stack_of() | values, secrets=values) == [
        (
            f"{key}: found a secret of another form; allowed: 32 to 128 letters, digits, _ and -; "
            f"set it by: pulumi config set --secret {key.removeprefix(_NAMESPACE)}"
        )
    ]


@pytest.mark.parametrize("given", [{}, {_PREVIOUS: "b" * 32}], ids=["one token", "two while they rotate"])
def test_the_load_balancer_takes_the_present_token_first(given: dict[str, str]) -> None:
    config = {_TOKEN: _TOKEN_VALUE} | given

    async def values() -> list[tuple[str | None, bool]]:
        set_all_config(config, list(config))
        return [(await token.future(), await token.is_secret()) for token in origin_tokens()]

    assert asyncio.run(values()) == [(value, True) for value in config.values()]
