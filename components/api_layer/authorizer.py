"""The function that knows which tokens let their bearer into the API."""

import pulumi

from components.api_layer.settings import ApiSettings
from components.python_function import FunctionSpec, FunctionSurroundings, PythonFunction
from components.routes import api_origin_name

_KEYS_PATH = "/auth/.well-known/jwks.json"
# API Gateway waits ten seconds for an answer. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_SECONDS = 8


def token_authorizer(
    name: str,
    *,
    settings: ApiSettings,
    domain: str,
    shared: FunctionSurroundings,
    opts: pulumi.ResourceOptions,
) -> PythonFunction:
    """Declare it. It gets the auth service's keys as everybody does, so that it holds no secret and needs no VPC."""
    return PythonFunction(
        name,
        FunctionSpec(
            function_name=shared.naming.name("jwt-authorizer"),
            source="jwt_authorizer",
            description="Tells which tokens of the auth service let their bearer into the API",
            timeout=_SECONDS,
            environment={
                "KEYS_URL": f"https://{api_origin_name(domain)}{_KEYS_PATH}",
                "TOKEN_AUDIENCE": settings.token_audience,
                "TOKEN_ISSUER": settings.token_issuer or f"https://auth.{domain}",
            },
            reserved_concurrency=settings.authorizer_concurrency,
        ),
        shared,
        opts,
    )
