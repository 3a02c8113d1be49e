"""Clauses api-rate-10000 and api-throttle-5000, and what every stage is like."""

from collections.abc import Iterable

from guardrails.api_layer.resources import WEB_ACL
from guardrails.api_layer.rest_documents import REST_API
from guardrails.api_layer.rest_integrations import origin_variables
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties

STAGE = "aws:apigateway/stage:Stage"
DEPLOYMENT = "aws:apigateway/deployment:Deployment"
METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings"
_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
_EVERY_METHOD = "*/*"
_RATE, _BURST = "settings.throttlingRateLimit", "settings.throttlingBurstLimit"
_MOST: dict[str, float] = {_RATE: 10_000, _BURST: 5000}
"""What an account has in a region, for all of its APIs."""


def apis_of(node: Node) -> list[Node]:
    """Return the REST APIs of this stack that a stage, a deployment or settings are of."""
    return node.refers("restApi", REST_API)


def _one_stage(api: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    stages = api.referrers("restApi", STAGE)
    if len(stages) != 1:
        yield f"{len(stages) or 'no'} stages of this stack are its, not 1"
    deployments = api.referrers("restApi", DEPLOYMENT)
    if len(deployments) != 1:
        yield f"{len(deployments) or 'no'} deployments of this stack are its, not 1"


def _of_deployment(stage: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    apis = apis_of(stage)
    if len(apis) != 1:
        yield "restApi refers to no REST API of this stack"
    deployments = stage.refers("deployment", DEPLOYMENT)
    if len(deployments) != 1 or apis_of(deployments[0]) != apis:
        yield "deployment refers to no deployment of its API"
    if (name := stage.properties.text("stageName")) != "live":
        yield f"stageName is {name or 'not given'}, not live, which calls of functions name"
    if stage.properties.given("canarySettings"):
        yield "canarySettings send a part of all requests to another deployment"


def _follows(deployment: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if len(apis_of(deployment)) != 1:
        yield "restApi refers to no REST API of this stack"
    if not deployment.properties.text("triggers.document"):
        yield "triggers.document is not given, so that a new document is never deployed"
    if deployment.properties.given("variables"):
        yield "variables are given, where they outlive those of the stage"


def _has_token(stage: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    needed = {name for api in apis_of(stage) for name in origin_variables(api.properties)}
    held = stage.properties.blocks("variables")
    if missing := sorted(name for name in needed if not any(variables.given(name) for variables in held)):
        yield f"variables have no {', '.join(missing)}, so that the load balancer refuses all requests"


def _has_acl(stage: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    associations = stage.referrers("resourceArn", _ASSOCIATION)
    if len(associations) != 1:
        yield f"{len(associations) or 'no'} associations of this stack give it a web ACL, not 1"
    for association in associations:
        acls = association.refers("webAclArn", WEB_ACL)
        if len(acls) != 1:
            yield f"webAclArn of {association.name} refers to no web ACL of this stack"
        for acl in acls:
            if (scope := acl.properties.text("scope")) != "REGIONAL":
                yield f"the scope of {acl.name} is {scope or 'not given'}, not REGIONAL"


def _traced(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("xrayTracingEnabled"):
        yield "xrayTracingEnabled is not true"


def _uncached(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    key = "cacheClusterEnabled" if type_ == STAGE else "settings.cachingEnabled"
    if properties.flag(key):
        yield f"{key} is true, so that answers for one user may reach another"


def _limited(stage: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    least = {_RATE: relaxations.number("minimumRate"), _BURST: relaxations.number("minimumBurst")}
    own = [
        settings
        for api in apis_of(stage)
        for settings in api.referrers("restApi", METHOD_SETTINGS)
        if stage in settings.refers("stageName", STAGE) and known_text(settings, "methodPath") == _EVERY_METHOD
    ]
    if len(own) != 1:
        yield f"{len(own) or 'no'} settings of this stack are for all of its methods, not 1"
    for settings in own:
        for key, minimum in least.items():
            limit = settings.properties.number(key)
            if limit is not None and 0 <= limit < minimum:
                yield f"{key} of {settings.name} is {limit:g}, not {minimum:g}"


def _throttled(settings: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not settings.refers("stageName", STAGE) or not apis_of(settings):
        yield "it is of no stage and REST API of this stack"
    for key, most in _MOST.items():
        limit = settings.properties.number(key)
        if limit is None or not 0 < limit <= most:
            yield f"{key} is {'not given' if limit is None else f'{limit:g}'}, not 1 to {most:g}"


STAGE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="apis-have-one-stage",
        title="A REST API has one stage and one deployment",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({REST_API}),
        check=_one_stage,
        remediation="Take what else is deployed out of the stack.",
    ),
    StackGuardrail(
        id="api-stages-of-deployment",
        title="A stage shows the deployment of its API, all of it to all",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({STAGE}),
        check=_of_deployment,
        remediation="Pass the ids of the API and of its deployment, and leave canarySettings out.",
    ),
    StackGuardrail(
        id="api-deployments-follow",
        title="A deployment follows when the document of its API changes",
        clauses=("api-rest-or-http", "api-request-validation"),
        severity="high",
        types=frozenset({DEPLOYMENT}),
        check=_follows,
        controls=("CKV_AWS_217",),
        remediation="Give triggers.document a hash of the document.",
    ),
    StackGuardrail(
        id="api-stages-have-origin-token",
        title="Stages hold the token that the load balancer asks for",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({STAGE}),
        check=_has_token,
        remediation="Set variables.originToken to the secret originVerifyToken.",
    ),
    StackGuardrail(
        id="api-stages-have-web-acls",
        title="A stage of a REST API has a web ACL of the stack",
        clauses=("api-waf",),
        severity="high",
        types=frozenset({STAGE}),
        check=_has_acl,
        controls=("APIGateway.4", "CKV2_AWS_29", "CKV2_AWS_77", "APIG3", "apigateway_restapi_waf_acl_attached"),
        remediation="Declare an aws.wafv2.WebAclAssociation with the ARNs of both.",
    ),
    ResourceGuardrail(
        id="api-stages-traced",
        title="Stages of REST APIs trace requests",
        clauses=("obs-xray-tracing",),
        severity="low",
        types=frozenset({STAGE}),
        check=_traced,
        controls=("APIGateway.3", "CKV_AWS_73", "apigateway_restapi_tracing_enabled"),
        remediation="Set xrayTracingEnabled to true.",
    ),
    ResourceGuardrail(
        id="api-answers-not-cached",
        title="API Gateway keeps no answers: most of them are for one user",
        clauses=("api-rest-or-http",),
        severity="high",
        types=frozenset({STAGE, METHOD_SETTINGS}),
        check=_uncached,
        controls=("APIGateway.5", "CKV_AWS_308", "apigateway_restapi_cache_encrypted"),
        remediation="Leave cacheClusterEnabled and cachingEnabled out; CloudFront keeps what is public.",
    ),
    StackGuardrail(
        id="api-limits-for-all-methods",
        title="A stage takes 10,000 requests a second, and 5,000 at once",
        clauses=("api-rate-10000", "api-throttle-5000"),
        severity="medium",
        types=frozenset({STAGE}),
        check=_limited,
        options={
            "minimumRate": Option({"type": "integer", "minimum": 1}, 10_000, "Requests a second that it must take."),
            "minimumBurst": Option({"type": "integer", "minimum": 1}, 5000, "Requests at once that it must take."),
        },
        remediation="Declare an aws.apigateway.MethodSettings for */*; leave api.throttleRate and throttleBurst out.",
    ),
    StackGuardrail(
        id="api-methods-throttled",
        title="No method takes more requests than the account has",
        clauses=("api-rate-10000", "api-throttle-5000"),
        severity="high",
        types=frozenset({METHOD_SETTINGS}),
        check=_throttled,
        controls=("apigateway_restapi_throttling_configured",),
        remediation="Give both limits; without them, or at -1, there are none.",
    ),
)
