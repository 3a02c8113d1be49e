"""The REST API that every request passes: what it takes, how fast, and what is logged of it."""

import hashlib
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.api_layer.access_log import ACCESS_LOG_FORMAT
from components.api_layer.openapi import ORIGIN_TOKEN_VARIABLE, document
from components.api_layer.settings import ApiSettings
from components.naming import Naming
from components.policy_documents import allow, deny
from components.policy_documents import document as policy_document
from components.python_function import PythonFunction
from components.routes import API_STAGE, INTERNAL_PREFIX


@dataclass(frozen=True, slots=True)
class RestApiArgs:
    """What a RestApi is made from."""

    settings: ApiSettings
    naming: Naming
    origin_name: str
    """What the load balancer is called."""
    authorizer: PythonFunction
    """The function that knows tokens."""
    origin_token: pulumi.Input[str]
    """Secret by which the load balancer knows the API."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts log groups."""
    web_acl_arn: pulumi.Input[str]
    """ARN of the web ACL that stands before it."""
    protect: bool
    """Whether its logs are protected from deletion."""
    writes_logs: pulumi.Resource | None
    """What lets API Gateway write logs, where this stack declares it."""


class RestApi(pulumi.ComponentResource):
    """A regional REST API with one stage, reached by its own domain alone.

    Carries api-rest-or-http, api-request-validation, api-rate-10000, api-throttle-5000 and, for its logs,
    audit-pii-redaction and obs-retention-api-access.
    """

    id: pulumi.Output[str]
    """Id of the API."""
    execution_arn: pulumi.Output[str]
    """Prefix of the ARNs of its methods and authorizers."""
    name: str
    """Dimension ``ApiName`` of its metrics."""
    stage_name: pulumi.Output[str]
    """Name of its stage, once it is there."""

    def __init__(self, name: str, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:api:RestApi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=args.protect)
        naming, settings = args.naming, args.settings
        self.name = naming.name("api")
        body = document(
            title=self.name,
            origin_name=args.origin_name,
            authorizer_uri=_invocation_uri(naming, args.authorizer.arn),
            timeout_ms=settings.integration_timeout_ms,
        )
        policy = _who_may_call(naming)
        api = aws.apigateway.RestApi(
            f"{name}-definition",
            name=self.name,
            description=f"What the API of {naming.prefix} takes before a service sees it",
            body=body,
            policy=policy,
            endpoint_configuration=aws.apigateway.RestApiEndpointConfigurationArgs(types="REGIONAL"),
            disable_execute_api_endpoint=True,
            # Its own domain negotiates by the policy of the API, not by that of the domain.
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
            security_policy=settings.rest_tls_policy,
            endpoint_access_mode=settings.endpoint_access_mode,
            fail_on_warnings=True,
            tags={"Name": self.name},
            opts=child,
        )
        aws.lambda_.Permission(
            f"{name}-may-ask",
            statement_id="ApiMayAsk",
            action="lambda:InvokeFunction",
            function=args.authorizer.alias.function_name,
            qualifier=args.authorizer.alias.name,
            principal="apigateway.amazonaws.com",
            source_account=naming.account_id,
            source_arn=pulumi.Output.format("{0}/authorizers/*", api.execution_arn),
            opts=child,
        )
        deployment = aws.apigateway.Deployment(
            f"{name}-deployment",
            rest_api=api.id,
            description="What the document and the policy of the API said at the time",
            triggers={"document": hashlib.sha256(f"{body}{policy}".encode()).hexdigest()},
            opts=child,
        )
        access_log = aws.cloudwatch.LogGroup(
            f"{name}-access-log",
            name=f"/aws/apigateway/{self.name}/access",
            retention_in_days=settings.rest_log_days,
            kms_key_id=args.log_key_arn,
            tags={"Name": f"/aws/apigateway/{self.name}/access"},
            opts=kept,
        )
        # API Gateway gives it this name, and would keep what it makes itself for ever and without a key.
        execution_log = aws.cloudwatch.LogGroup(
            f"{name}-execution-log",
            name=pulumi.Output.format("API-Gateway-Execution-Logs_{0}/{1}", api.id, API_STAGE),
            retention_in_days=settings.rest_log_days,
            kms_key_id=args.log_key_arn,
            opts=kept,
        )
        stage = aws.apigateway.Stage(
            f"{name}-stage",
            rest_api=api.id,
            deployment=deployment.id,
            stage_name=API_STAGE,
            description="What its domain leads to",
            variables={ORIGIN_TOKEN_VARIABLE: args.origin_token},
            access_log_settings=aws.apigateway.StageAccessLogSettingsArgs(
                destination_arn=access_log.arn, format=ACCESS_LOG_FORMAT
            ),
            cache_cluster_enabled=False,
            xray_tracing_enabled=True,
            tags={"Name": naming.name("api", API_STAGE)},
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[execution_log, *([args.writes_logs] if args.writes_logs else [])]
            ),
        )
        aws.apigateway.MethodSettings(
            f"{name}-limits",
            rest_api=api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings=aws.apigateway.MethodSettingsSettingsArgs(
                throttling_rate_limit=settings.throttle_rate,
                throttling_burst_limit=settings.throttle_burst,
                metrics_enabled=True,
                logging_level="ERROR",
                data_trace_enabled=False,
                caching_enabled=False,
                cache_data_encrypted=True,
            ),
            opts=child,
        )
        aws.wafv2.WebAclAssociation(
            f"{name}-stage-web-acl", resource_arn=stage.arn, web_acl_arn=args.web_acl_arn, opts=child
        )
        self.id, self.execution_arn, self.stage_name = api.id, api.execution_arn, stage.stage_name
        self.register_outputs({"id": self.id, "execution_arn": self.execution_arn, "stage_name": self.stage_name})


def _invocation_uri(naming: Naming, function_arn: str) -> str:
    """Return how API Gateway names a function that it calls."""
    return f"arn:aws:apigateway:{naming.region}:lambda:path/2015-03-31/functions/{function_arn}/invocations"


def _who_may_call(naming: Naming) -> str:
    """Return the policy of the API: whoever has a token for what is public, and this account for what is internal.

    It lets nobody into internal paths by itself: a role there needs a policy of its own. The id of the API stands as *,
    since it isn't known yet; AWS holds the policy against this API alone.
    """
    stage = naming.arn("execute-api", f"*/{API_STAGE}")
    internal = f"{stage}/*{INTERNAL_PREFIX}/*"
    return policy_document(
        allow("execute-api:Invoke", [f"{stage}/*/api/*", f"{stage}/GET/auth/*"], sid="TokensOrPublic", principal="*"),
        deny(
            "execute-api:Invoke",
            internal,
            sid="InternalFromThisAccount",
            principal="*",
            condition={"StringNotEquals": {"aws:PrincipalAccount": naming.account_id}},
        ),
    )
