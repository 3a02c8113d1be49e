"""The pack's own servicer answers as the SDK's does."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, StackValidationArgs

from guardrails import ALL_GUARDRAILS
from guardrails.binding import graph_of, policies
from guardrails.exemptions import Exemptions
from guardrails.model import ResourceGuardrail
from guardrails.network_layer import NETWORK_GUARDRAILS
from guardrails.one_pass import OnePassServicer, SharedResources, install
from guardrails.options import OPTION_GUARDRAILS
from preview.pack import stack_resource
from preview.topology import Topology
from tests.policies.breaking import VPC, Change, add, at, cases, chain, drop, edit, point
from tests.policies.graphs import resource
from tests.policies.network_layer.judged import recorded as network
from tests.support.editing import UNKNOWN
from tests.support.judging import dev_config, diagnostics, violations
from tests.support.recording import recorded

_SERVICER = "_PolicyAnalyzerServicer"
_PLAIN: Any = vars(sdk)[_SERVICER]
_APPLIES_TO = {
    guardrail.id: guardrail.types for guardrail in ALL_GUARDRAILS if isinstance(guardrail, ResourceGuardrail)
}
_GROUP, _ACL = "network-flow-logs-group", "network-private-nacl"

_CHANGES: dict[str, Change] = {
    "nothing": chain(),
    "values": chain(edit(VPC, enableDnsSupport=False), edit(_GROUP, retentionInDays=30)),
    "unknown values": chain(edit(VPC, enableDnsSupport=UNKNOWN), edit(_ACL, ingress=UNKNOWN)),
    "malformed values": chain(edit(VPC, enableDnsSupport="no"), edit(_ACL, ingress="no")),
    "references": chain(
        point("network-nat-a", "subnetId", "network-private-a"),
        point("network-private-a-routes", "routeTableId", "network-public-route-table"),
    ),
    "resources gone": drop("network-endpoints-s3", "network-default-security-group", "network-public-internet"),
    "aliased types": add("aws:alb/loadBalancer:LoadBalancer", "web", {"internal": UNKNOWN}),
    "secret values": edit(
        VPC, enableDnsSupport={"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": False}
    ),
}
_CONFIGS: dict[str, dict[str, Any]] = {
    "no config": {},
    "config of dev": dev_config(),
    "all advisory": {"all": "advisory"},
    "all disabled": {"all": "disabled"},
    "some levels": {"vpc-dns-enabled": "disabled", "s3-gateway-endpoint": {"enforcementLevel": "advisory"}},
    "remediate": {"all": "remediate"},
}


# The SDK alone reads every resource again for each policy, so that all of them are compared once and a part otherwise.
_SOME = (*NETWORK_GUARDRAILS, *OPTION_GUARDRAILS)


def test_answers_as_the_sdk_with_every_policy() -> None:
    topology = _CHANGES["values"](recorded("dev"))
    assert diagnostics(topology, dev_config()) == diagnostics(topology, dev_config(), plain=True)


@cases(_CHANGES)
def test_answers_as_the_sdk(case: Change) -> None:
    topology = case(network("prod"))
    assert diagnostics(topology, of=_SOME) == diagnostics(topology, plain=True, of=_SOME)


@pytest.mark.parametrize("stack", ["dev", "prod"])
@cases(_CONFIGS)
def test_answers_as_the_sdk_under_a_config(case: dict[str, Any], stack: str) -> None:
    topology = _CHANGES["values"](network(stack))
    assert diagnostics(topology, case, of=_SOME) == diagnostics(topology, case, plain=True, of=_SOME)


def test_dev_needs_its_config() -> None:
    assert not diagnostics(recorded("dev"), dev_config())
    assert {guardrail for guardrail, _ in violations(recorded("dev"))} == set(dev_config())


def test_secrets_are_judged_by_their_value() -> None:
    assert violations(_CHANGES["secret values"](recorded("prod"))) == at("vpc-dns-enabled", VPC)


@pytest.mark.parametrize(
    ("config", "levels"),
    [
        ({}, ["mandatory", "mandatory"]),
        ({"vpc-dns-enabled": "advisory"}, ["mandatory", "advisory"]),
        ({"vpc-dns-enabled": "disabled"}, ["mandatory"]),
        ({"flow-logs-kept-two-years": {"enforcementLevel": "disabled"}}, ["mandatory"]),
        ({"flow-logs-kept-two-years": {"minimumDays": 30}}, ["mandatory"]),
        ({"all": "advisory"}, ["advisory", "advisory"]),
        ({"all": "disabled", "vpc-dns-enabled": "mandatory"}, ["mandatory"]),
    ],
)
def test_levels_and_options_come_from_the_config(config: dict[str, Any], levels: list[str]) -> None:
    assert [found.level for found in diagnostics(_CHANGES["values"](recorded("prod")), config)] == levels


@pytest.mark.parametrize(
    ("guardrail", "option", "value"),
    [
        ("subnets-span-zones", "minimumZones", "1"),
        ("subnets-span-zones", "minimumZones", 0),
        ("interface-endpoints", "required", "none"),
        ("interface-endpoints", "required", [1]),
        ("nat-gateway-per-zone", "natMode", "whatever"),
        ("nat-gateway-per-zone", "natMode", None),
        ("flow-logs-kept-two-years", "minimumDays", True),
    ],
)
def test_malformed_options_are_strict(guardrail: str, option: str, value: Any) -> None:
    """The engine refuses them; should one come through, it relaxes nothing."""
    servicer = _servicer(_PLAIN)
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    request.policyConfig[guardrail].enforcementLevel = analyzer_pb2.MANDATORY
    request.policyConfig[guardrail].properties.update({option: value})
    servicer.Configure(request, None)
    found = servicer.AnalyzeStack(_request(recorded("dev")), None).diagnostics
    assert guardrail in {one.policyName for one in found}


def _servicer(plain: Callable[..., Any]) -> Any:
    bound = policies(ALL_GUARDRAILS, Exemptions((), date(2026, 1, 1)))
    return OnePassServicer(plain, _APPLIES_TO, "pack", "0.0.1", bound, EnforcementLevel.MANDATORY)


def _request(topology: Topology) -> analyzer_pb2.AnalyzeStackRequest:
    resources = topology.resources
    return analyzer_pb2.AnalyzeStackRequest(resources=[stack_resource(one, resources) for one in resources.values()])


def test_each_resource_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    original: Callable[..., Any] = vars(sdk)["deserialize_properties"]

    def counted(*arguments: Any) -> Any:
        read.append(arguments)
        return original(*arguments)

    monkeypatch.setattr(sdk, "deserialize_properties", counted)
    request = _request(recorded("prod"))
    _servicer(_PLAIN).AnalyzeStack(request, None)
    with_provider = sum(one.HasField("provider") for one in request.resources)
    assert len(read) == len(request.resources) + with_provider


def test_graph_is_shared_by_the_policies_of_a_request() -> None:
    shared = SharedResources([resource("t:a", "one")])
    arguments = StackValidationArgs(shared, {}, {})
    assert graph_of(arguments) is graph_of(arguments)
    alone = StackValidationArgs(list(shared), {}, {})
    assert graph_of(alone) is not graph_of(alone)


def test_every_method_of_the_sdk_is_answered() -> None:
    offered = {name for name in vars(analyzer_pb2_grpc.AnalyzerServicer) if name[0].isupper()}
    assert offered & set(vars(_PLAIN)) <= set(vars(OnePassServicer))


@pytest.mark.parametrize("method", ["GetAnalyzerInfo", "GetPluginInfo"])
def test_pack_describes_itself_as_the_sdk_would(method: str) -> None:
    bound = policies(ALL_GUARDRAILS, Exemptions((), date(2026, 1, 1)))
    plain: Any = _PLAIN("pack", "0.0.1", bound, EnforcementLevel.MANDATORY)
    assert getattr(_servicer(_PLAIN), method)(None, None) == getattr(plain, method)(None, None)


def test_install_serves_once_and_gives_the_sdk_its_own_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, _SERVICER, _PLAIN)
    assert install(_APPLIES_TO)
    replaced: Any = vars(sdk)[_SERVICER]
    bound = policies(ALL_GUARDRAILS, Exemptions((), date(2026, 1, 1)))
    assert isinstance(replaced("pack", "0.0.1", bound, EnforcementLevel.MANDATORY), OnePassServicer)
    assert vars(sdk)[_SERVICER] is _PLAIN


def test_install_leaves_an_sdk_alone_that_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sdk, _SERVICER)
    assert not install(_APPLIES_TO)
    assert not hasattr(sdk, _SERVICER)
