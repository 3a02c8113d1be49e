import pytest

from components.backing import Backing, combined
from components.policy_documents import allow

_CACHE = Backing(
    environment={"CACHE_PORT": "6379"},
    hosts={"CACHE_HOST": "cache.example"},
    statements=[allow("elasticache:Connect", "arn:cache", sid="UseCache")],
)
_SEARCH = Backing(hosts={"SEARCH_HOST": "search.example"})


def test_backings_are_combined() -> None:
    assert combined([_CACHE, _SEARCH]) == Backing(
        environment={"CACHE_PORT": "6379"},
        hosts={"CACHE_HOST": "cache.example", "SEARCH_HOST": "search.example"},
        statements=[*_CACHE.statements],
    )
    assert combined([]) == Backing(statements=[])


@pytest.mark.parametrize(
    ("other", "name"),
    [
        (Backing(environment={"CACHE_HOST": "other.example"}), "CACHE_HOST"),
        (Backing(hosts={"CACHE_PORT": "other.example"}), "CACHE_PORT"),
        (Backing(statements=[allow("sqs:SendMessage", "arn:queue", sid="UseCache")]), "UseCache"),
    ],
)
def test_what_two_backings_give_is_refused(other: Backing, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is given by two backings"):
        combined([_CACHE, other])


def test_a_backing_is_for_all_tasks_unless_it_names_some() -> None:
    assert _CACHE.is_for("auth")
    uploads = Backing(tasks=frozenset({"content"}))
    assert (uploads.is_for("content"), uploads.is_for("auth")) == (True, False)
