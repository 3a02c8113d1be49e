"""What API Gateway writes of a request: how it went, and nothing of who asked or what was said."""

import json
from collections.abc import Mapping

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
_FIELDS: Mapping[str, str] = {
    "requestId": "requestId",
    "extendedRequestId": "extendedRequestId",
    "traceId": "xrayTraceId",
    "time": "requestTimeEpoch",
    "domain": "domainName",
    "method": "httpMethod",
    "resource": "resourcePath",  # with placeholders: a path can hold what identifies somebody
    "protocol": "protocol",
    "tlsVersion": "tlsVersion",
    "cipherSuite": "cipherSuite",
    "status": "status",
    "responseLength": "responseLength",
    "responseMs": "responseLatency",
    "errorType": "error.responseType",
    "wafStatus": "waf.status",
    "wafMs": "waf.latency",
    "authorizeStatus": "authorize.status",
    "authorizerStatus": "authorizer.status",
    "authorizerMs": "authorizer.latency",
    "integrationStatus": "integration.status",
    "integrationMs": "integration.latency",
}

ACCESS_LOG_FORMAT = json.dumps({name: f"$context.{variable}" for name, variable in _FIELDS.items()})
"""One line of JSON. Everything is text, as a number that there isn't is written as a hyphen."""
