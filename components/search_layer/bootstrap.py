"""The function that fills the search domain, and its call with each update that changes what it fills it with."""

import pulumi
import pulumi_aws as aws

from components.function_archive import archive
from components.policy_documents import allow
from components.python_function import FunctionNetwork, FunctionSpec, FunctionSurroundings, PythonFunction
from components.search_layer.contents import as_text, contents, digest
from components.search_layer.domain import BOOTSTRAP, SearchDomain
from components.search_layer.location import DomainLocation
from components.search_layer.settings import SearchSettings

_SOURCE = "search_bootstrap"


class SearchBootstrap(pulumi.ComponentResource):
    """Brings the domain to hold what it must. Carries search-shards-5, search-replicas-1 and search-dash-*."""

    def __init__(
        self,
        name: str,
        *,
        settings: SearchSettings,
        domain: SearchDomain,
        location: DomainLocation,
        network: FunctionNetwork,
        shared: FunctionSurroundings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:search:SearchBootstrap", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = shared.naming
        function = PythonFunction(
            name,
            FunctionSpec(
                function_name=naming.name(BOOTSTRAP),
                source=_SOURCE,
                description="Brings the search domain to hold roles, templates, lifecycles and dashboards",
                timeout=300,
                environment={**location.environment, "OWNER_ROLE_ARN": domain.owner_arn},
                statements=[*location.statements, allow("sts:AssumeRole", domain.owner_arn, sid="BeOwner")],
                log_days=settings.log_days,
                network=network,
            ),
            shared,
            child,
        )
        event = as_text(contents(settings, naming))
        aws.lambda_.Invocation(
            f"{name}-call",
            function_name=function.alias.function_name,
            qualifier=function.alias.name,
            input=event,
            triggers={"contents": digest(event), "code": archive(_SOURCE).sha256},
            opts=child,
        )
        self.register_outputs({})
