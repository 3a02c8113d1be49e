"""The function itself: an Authorization header in, a policy out. What can't be told is an error, and lets nobody in."""

import os
import time
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from .answers import allowed, refused
from .keys import KeySet
from .tokens import Expected, RefusedError, verify

logger = Logger()
tracer = Tracer()
metrics = Metrics()

_expected = Expected(issuer=os.environ["TOKEN_ISSUER"], audience=os.environ["TOKEN_AUDIENCE"])
_keys = KeySet(os.environ["KEYS_URL"])


@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False, capture_error=False)
@logger.inject_lambda_context
def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Return whether the bearer of a token may call the API. The token stands in no log and in no trace."""
    outcome = "TokensUndecided"
    method_arn = event.get("methodArn")
    try:
        bearer = verify(event.get("authorizationToken"), _expected, _keys.find, time.time)
        answer = allowed(method_arn, bearer)
        outcome = "TokensAccepted"
    except RefusedError as error:
        logger.info("Token refused", extra={"reason": str(error)})
        answer = refused(method_arn)
        outcome = "TokensRefused"
    finally:
        metrics.add_metric(name=outcome, unit=MetricUnit.Count, value=1)
    return answer
