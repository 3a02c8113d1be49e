from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from search_bootstrap import handler


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SEARCH_URL_PARAMETER", "/p/search/url")
    monkeypatch.setenv("OWNER_ROLE_ARN", "arn:aws:iam::123456789012:role/owner")
    with mock_aws():
        client = boto3.client("ssm", region_name="us-east-1")
        client.put_parameter(Name="/p/search/url", Value="https://vpc-x", Type="SecureString")
        handler._url.cache_clear()  # pyright: ignore[reportPrivateUsage]
        yield
    handler._url.cache_clear()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.usefixtures("aws")
def test_where_the_domain_is_stands_in_a_parameter() -> None:
    assert handler._url() == "https://vpc-x"  # pyright: ignore[reportPrivateUsage]


@pytest.mark.usefixtures("aws")
def test_it_acts_as_the_owner() -> None:
    taken = handler._owner()  # pyright: ignore[reportPrivateUsage]
    assert taken.access_key != "testing"
    assert taken.token
