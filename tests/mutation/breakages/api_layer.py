"""What can only be broken together: api layer."""

from tests.mutation.part import Composite, Part
from tests.support.editing import UNKNOWN

_BALANCER_ELSEWHERE = "arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/other/50dc6c495c0c9188"
_FORWARD_TO_TWO = {"type": "forward", "forward": {"targetGroups": [{"arn": UNKNOWN}, {"arn": UNKNOWN}]}}
_ELSEWHERE = "arn:aws:rds:us-east-1:444455556666:db:of-another-stack"

_EVERY_PATH = {"pathPattern": {"values": ["/*"]}}

_INTEGRATION = "x-amazon-apigateway-integration"
_LOGIN = ("paths", "/api/auth/login", "post", _INTEGRATION)
_AUTHORIZER = ("components", "securitySchemes", "token", "x-amazon-apigateway-authorizer")
_PARAMETERS = (*_LOGIN, "requestParameters")


def _document(*place: str, value: object) -> tuple[Part, ...]:
    return (Part(name="api-rest-definition", written={"body": (place, value)}),)


API_BREAKAGES = (
    Composite("everybody stopped", (Part(name="api-web-acl-rules", values={"defaultAction": {"block": {}}}),)),
    Composite(
        "every path to one service",
        (Part(name="api-route-ai-rule", values={"priority": 1}, appended={"conditions": _EVERY_PATH}),),
    ),
    Composite("two rules of one priority", (Part(name="api-route-ai-rule", same={"priority": "api-route-auth-rule"}),)),
    Composite(
        "HTTP on port 443 and HTTPS on port 80",
        (
            Part(name="api-load-balancer-http", values={"port": 443}),
            Part(name="api-load-balancer-https", values={"port": 80}),
        ),
    ),
    Composite(
        "listener of a load balancer elsewhere",
        (Part(name="listener", like="api-load-balancer-http", values={"loadBalancerArn": _BALANCER_ELSEWHERE}),),
    ),
    Composite(
        "rule that leads to two services",
        (
            Part(
                name="rule",
                like="api-route-auth-rule",
                values={"priority": 1, "actions": [_FORWARD_TO_TWO]},
                refers={"actions": ("api-route-ai-blue", "api-route-auth-blue")},
            ),
        ),
    ),
    Composite("target group of nobody", (Part(name="target-group", like="api-route-auth-blue"),)),
    Composite("deployment of nobody", (Part(name="deployment", like="api-rest-deployment"),)),
    Composite(
        "second domain of the API",
        (
            Part(name="second-certificate", like="api-domain-certificate-request"),
            Part(
                name="second-issued",
                like="api-domain-certificate-issued",
                refers={"certificateArn": ("second-certificate",)},
            ),
            Part(name="second-domain", like="api-domain-name"),
            Part(name="second-mapping", like="api-domain-mapping", refers={"domainName": ("second-domain",)}),
            Part(name="second-record", like="edge-origin-primary", refers={"aliases": ("second-domain",)}),
        ),
    ),
    Composite(
        "token in the document",
        _document(*_PARAMETERS, "integration.request.header.X-Origin-Verify", value="'a-token-in-plain-text'"),
    ),
    Composite(
        "login that leads to internal paths",
        _document(*_LOGIN, "uri", value="https://origin.prod.fitness.example/internal/payment/refunds"),
    ),
    Composite(
        "login over plain HTTP", _document(*_LOGIN, "uri", value="http://origin.prod.fitness.example/api/auth/login")
    ),
    Composite(
        "caller who names himself",
        _document(
            *_PARAMETERS,
            "integration.request.header.X-Internal-Caller",
            value="method.request.header.X-Internal-Caller",
        ),
    ),
    Composite(
        "certificate of a service not checked",
        _document(*_LOGIN, "tlsConfig", value={"insecureSkipVerification": True}),
    ),
    Composite("method that is public by itself", _document("paths", "/api/{proxy+}", "get", "security", value=[])),
    Composite("token or nothing", _document("paths", "/api/{proxy+}", "get", "security", value=[{"token": []}, {}])),
    Composite(
        "internal call by a token",
        _document("paths", "/internal/{service}/{proxy+}", "get", "security", value=[{"token": []}]),
    ),
    Composite(
        "authorizer that sees another header",
        _document("components", "securitySchemes", "token", "name", value="X-Token"),
    ),
    Composite(
        "token that is believed for an hour",
        _document(*_AUTHORIZER, "authorizerResultTtlInSeconds", value=3600),
    ),
    Composite("login that is waited for too long", _document(*_LOGIN, "timeoutInMillis", value=29_001)),
    Composite(
        "validator that only one method has",
        _document("paths", "/api/auth/login", "post", "x-amazon-apigateway-request-validator", value="none"),
    ),
    Composite("policy in the document", _document("x-amazon-apigateway-policy", value={"Statement": []})),
    Composite(
        "refusal that repeats what was sent",
        _document(
            "x-amazon-apigateway-gateway-responses",
            "BAD_REQUEST_BODY",
            "responseTemplates",
            value={"application/json": "$context.error.validationErrorString"},
        ),
    ),
)
