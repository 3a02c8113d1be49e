"""What API Gateway is told: a policy, which it keeps for the token and holds against each request."""

import re
from typing import Any

from .tokens import Bearer

# arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>
_METHOD = re.compile(
    r"(?P<stage>arn:aws:execute-api:[a-z0-9-]+:[0-9]{12}:[a-z0-9]+/[A-Za-z0-9_-]+)/[A-Z]+(/.*)?", re.DOTALL
)
_NOBODY = "nobody"


class UnknownMethodError(Exception):
    """What was asked for has no ARN of a method."""


def allowed(method_arn: object, bearer: Bearer) -> dict[str, Any]:
    """Return the policy that lets a bearer in, to every method below ``/api``: it is kept for all of them."""
    return _answer("Allow", method_arn, bearer.subject) | {
        "context": {"subject": bearer.subject, "scope": bearer.scope, "expires": str(bearer.expires)}
    }


def refused(method_arn: object) -> dict[str, Any]:
    """Return the policy that lets nobody in."""
    return _answer("Deny", method_arn, _NOBODY)


def _answer(effect: str, method_arn: object, principal: str) -> dict[str, Any]:
    found = _METHOD.fullmatch(method_arn) if isinstance(method_arn, str) else None
    if not found:
        raise UnknownMethodError("methodArn is not the ARN of a method")
    path = "*/api/*" if effect == "Allow" else "*"
    return {
        "principalId": principal,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": effect, "Action": "execute-api:Invoke", "Resource": f"{found['stage']}/{path}"},
            ],
        },
    }
