"""Requests to services: signed, bounded in time, and told apart by whether trying again can help."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, HTTPClientError
from botocore.httpsession import URLLib3Session

_CONNECT_SHARE = 0.25
_WORTH_ANOTHER_TRY = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
    | {HTTPStatus.TOO_MANY_REQUESTS}
)
"""Client errors that are not the message's: credentials and limits, which somebody can mend meanwhile."""


class UnavailableError(Exception):
    """The service did not take the message; it may later."""


class RefusedError(Exception):
    """The service will never take the message."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Posts messages to one URL."""

    url: str
    region: str
    seconds: float
    """How long a request may take, connecting and waiting for the answer together."""
    credentials: Callable[[], Any]
    """Gives the credentials of the function's role as they are now."""

    def post(self, body: str, key: str) -> None:
        """Hand over a message; ``key`` lets the service know one that it has had already.

        :raises UnavailableError: where trying again may help.
        :raises RefusedError: where it can't.
        """
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        request = AWSRequest("POST", self.url, headers=headers, data=body.encode())
        try:
            SigV4Auth(self.credentials(), "execute-api", self.region).add_auth(request)
            status = self._send(request)
        except (BotoCoreError, HTTPClientError) as error:
            raise UnavailableError(type(error).__name__) from error
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _WORTH_ANOTHER_TRY:
            raise RefusedError(f"status {status}")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise UnavailableError(f"status {status}")

    def _send(self, request: AWSRequest) -> int:
        connecting = self.seconds * _CONNECT_SHARE
        session = URLLib3Session(timeout=(connecting, self.seconds - connecting))
        try:
            prepared: Any = request.prepare()
            prepared.stream_output = True  # nobody reads the answer, so that it can't take long
            return session.send(prepared).status_code
        finally:
            session.close()
