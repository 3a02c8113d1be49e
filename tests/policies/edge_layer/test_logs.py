from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken
from tests.policies.edge_layer.stack import (
    APP,
    BOTH,
    CERTIFICATE,
    DELIVERY,
    DESTINATION,
    SOURCE,
    recorded,
    violations,
)
from tests.support.editing import UNKNOWN

_LOGGED, _OF_STACK = at("distributions-logged", APP), "log-destinations-of-stack"
_SECRETS, _HOME = "access-logs-without-secrets", "distribution-logs-in-us-east-1"
_FIELDS = ["date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status"]

ACCEPTED: dict[str, Change] = {
    "fewer fields": edit(DELIVERY, recordFields=_FIELDS),
    "to a log group": point(DESTINATION, "deliveryDestinationConfiguration", "edge-web-acl-log"),
    "region by the provider": chain(edit(SOURCE, region=None), edit(DELIVERY, region=None)),
}

REJECTED: dict[str, Case] = {
    "no source": Case(drop(SOURCE), _LOGGED),
    "no delivery": Case(drop(DELIVERY), _LOGGED),
    "no destination": Case(drop(DESTINATION), _LOGGED | at("distributions-logged", *BOTH)),
    **{f"log of {value!r}": Case(edit(SOURCE, resourceArn=value), _LOGGED) for value in (None, UNKNOWN)},
    **{
        f"log type {value!r}": Case(edit(SOURCE, logType=value), _LOGGED)
        for value in (None, "CONNECTION_LOGS", UNKNOWN)
    },
    "source of another stack": Case(edit(DELIVERY, deliverySourceName="other"), _LOGGED),
    "destination of another stack": Case(edit(DELIVERY, deliveryDestinationArn="arn:aws:logs:us-east-1:1:x"), _LOGGED),
    "older way": Case(edit(APP, loggingConfig={"bucket": "logs.s3.amazonaws.com"}), _LOGGED),
    **{
        f"to {value!r}": Case(edit(DESTINATION, deliveryDestinationConfiguration=value), at(_OF_STACK, DESTINATION))
        for value in (None, {"destinationResourceArn": "arn:aws:s3:::other"}, UNKNOWN)
    },
    "to a bucket of another stack": Case(
        chain(other_stack, point(DESTINATION, "deliveryDestinationConfiguration", ELSEWHERE)),
        at(_OF_STACK, DESTINATION),
    ),
    "to no bucket": Case(
        point(DESTINATION, "deliveryDestinationConfiguration", CERTIFICATE), at(_OF_STACK, DESTINATION)
    ),
    **broken(
        _SECRETS,
        DELIVERY,
        "recordFields",
        None,
        [],
        UNKNOWN,
        [*_FIELDS, "cs(Cookie)"],
        [*_FIELDS, "cs-uri-query"],
        [*_FIELDS, "cs(Referer)"],
        _FIELDS[1:],
    ),
    **{
        f"{name} elsewhere": Case(edit(name, region="eu-west-1"), at(_HOME, name))
        for name in (SOURCE, DELIVERY, DESTINATION)
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
