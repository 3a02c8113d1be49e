from tests.policies.breaking import ELSEWHERE, VPC, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import NAMESPACE, SERVICE, SERVICES, WORKER, nested, recorded, violations
from tests.policies.database_layer.stack import not_of_stack, refer
from tests.support.editing import UNKNOWN

_CONNECTED, _ONE, _PRIVATE, _REGISTRIES = (
    "services-connected",
    "one-private-namespace",
    "namespaces-private",
    "no-registries-with-blue-green",
)
_NAME, _LOGGED = "services-found-by-own-name", "service-connect-logged"
_CONNECT = "serviceConnectConfiguration"
_PRIVATE_NAMESPACE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
_REGISTRY = {"registryArn": "arn:aws:servicediscovery:us-east-1:444455556666:service/srv-1"}

ACCEPTED: dict[str, Change] = {
    "registry of a rolling one": edit(WORKER, serviceRegistries=_REGISTRY),
    "worker that offers nothing, spelt out": nested(WORKER, f"{_CONNECT}.services", []),
    "no alias": nested(SERVICE, f"{_CONNECT}.services.0.clientAlias", []),
    "alias by default": nested(SERVICE, f"{_CONNECT}.services.0.clientAlias.0.dnsName", None),
    "empty registry": edit(SERVICE, serviceRegistries=None),
}

REJECTED: dict[str, Case] = {
    **{
        f"{name} {key} {value!r}": Case(nested(name, f"{_CONNECT}.{key}", value), at(_CONNECTED, name))
        for name in (SERVICE, WORKER)
        for key, value in (
            ("enabled", None),
            ("enabled", False),
            ("enabled", UNKNOWN),
            ("enabled", "true"),
            ("namespace", None),
            ("namespace", ""),
        )
    },
    **{
        f"{path} {value!r}": Case(nested(SERVICE, f"{_CONNECT}.services.0.{path}", value), at(_NAME, SERVICE))
        for path, value in (
            ("discoveryName", "payment"),
            ("discoveryName", None),
            ("discoveryName", UNKNOWN),
            ("clientAlias.0.dnsName", "payment"),
            ("tls", {"issuerCertAuthority": {"awsPcaAuthorityArn": "arn:aws:acm-pca:us-east-1:999988887777:x"}}),
        )
    },
    "another way": Case(edit(SERVICE, vpcLatticeConfigurations=[{"portName": "app"}]), at(_NAME, SERVICE)),
    **{
        f"log {path} {value!r}": Case(
            nested(SERVICE, f"{_CONNECT}.logConfiguration.{path}", value), at(_LOGGED, SERVICE)
        )
        for path, value in (
            ("logDriver", "splunk"),
            ("logDriver", None),
            ("options.awslogs-group", "/aws/ecs/elsewhere"),
            ("options.awslogs-group", None),
            ("options.awslogs-region", "eu-west-1"),
        )
    },
    "no log": Case(nested(SERVICE, f"{_CONNECT}.logConfiguration", None), at(_LOGGED, SERVICE)),
    **{
        f"services {value!r}": Case(nested(SERVICE, f"{_CONNECT}.services", value), at(_CONNECTED, SERVICE))
        for value in (None, [])
    },
    "unknown services": Case(
        nested(SERVICE, f"{_CONNECT}.services", UNKNOWN),
        at(_CONNECTED, SERVICE) | at(_NAME, SERVICE) | at("services-lead-to-containers", SERVICE),
    ),
    "worker without Service Connect": Case(edit(WORKER, **{_CONNECT: None}), at(_CONNECTED, WORKER)),
    "namespace of another stack": Case(
        chain(other_stack, refer(SERVICE, _CONNECT, ELSEWHERE)), at(_CONNECTED, SERVICE)
    ),
    "namespace of a literal": Case(refer(SERVICE, _CONNECT), at(_CONNECTED, SERVICE)),
    "no namespace": Case(drop(NAMESPACE), {(_CONNECTED, name) for name in (*SERVICES, WORKER)}),
    **not_of_stack(_ONE, NAMESPACE, "vpc", "groups-ecs"),
    "two namespaces": Case(
        add(_PRIVATE_NAMESPACE, "more", {"name": "more.internal", "vpc": UNKNOWN}, vpc=[VPC]),
        at(_ONE, NAMESPACE, "more"),
    ),
    **{
        type_: Case(add(type_, "more", {"name": "fitness.example"}), at(_PRIVATE, "more"))
        for type_ in (
            "aws:servicediscovery/httpNamespace:HttpNamespace",
            "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",
        )
    },
    **{
        f"registries {value!r}": Case(edit(SERVICE, serviceRegistries=value), at(_REGISTRIES, SERVICE))
        for value in (_REGISTRY, UNKNOWN)
    },
    "registry of another stack": Case(
        chain(other_stack, point(SERVICE, "serviceRegistries", ELSEWHERE)), at(_REGISTRIES, SERVICE)
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
