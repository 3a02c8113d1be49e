"""Requests to a search domain: signed, tried again where that may help, and answered with JSON or not at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

# A role is known to a new domain only after some seconds: until then it answers 401 or 403.
_RETRIES = urllib3.Retry(
    total=5,
    backoff_factor=1,
    allowed_methods=None,
    redirect=False,
    status_forcelist=(401, 403, 429, 502, 503, 504),
    raise_on_status=False,
)
_SUCCESS = (HTTPStatus.OK, HTTPStatus.CREATED)


class DomainError(Exception):
    """The domain did not do what it was asked, or answered with something that can't be read."""


@dataclass(frozen=True, slots=True)
class SearchDomain:
    """A domain, and whom it is talked to as."""

    url: str
    """Where it is, without a slash at the end."""
    region: str
    credentials: Any
    """Credentials as botocore has them."""
    retries: urllib3.Retry = _RETRIES

    def read(self, path: str, headers: Mapping[str, str]) -> Any:
        """Return what is at a path; nothing where there is none.

        :raises DomainError: where the answer is neither.
        """
        status, found = self._ask("GET", path, headers, None)
        if status == HTTPStatus.NOT_FOUND:
            return None
        if status != HTTPStatus.OK:
            raise DomainError(f"GET {path}: status {status}: {_short(found)}")
        return found

    def write(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> Any:
        """Put something at a path, and return the answer.

        :raises DomainError: where it isn't that all is well.
        """
        status, found = self._ask(method, path, headers, body)
        if status not in _SUCCESS or not isinstance(found, dict) or "error" in found:
            raise DomainError(f"{method} {path}: status {status}: {_short(found)}")
        return found

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> tuple[int, Any]:
        data = b"" if body is None else json.dumps(body).encode()
        url = f"{self.url}{path}"
        request = AWSRequest(method, url, headers={"Content-Type": "application/json", **headers}, data=data)
        SigV4Auth(self.credentials, "es", self.region).add_auth(request)
        timeout = urllib3.Timeout(connect=3, read=30)
        try:
            with urllib3.PoolManager(timeout=timeout, retries=self.retries) as pool:
                response = pool.request(method, url, headers=dict(request.headers.items()), body=data)
        except urllib3.exceptions.HTTPError as error:
            raise DomainError(f"{method} {path}: {type(error).__name__}") from error
        try:
            return response.status, json.loads(response.data)
        except ValueError:
            raise DomainError(f"{method} {path}: status {response.status}, and no JSON") from None


def _short(found: Any) -> str:
    return json.dumps(found)[:500]
