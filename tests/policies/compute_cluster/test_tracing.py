import json
from typing import Any

from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.compute_cluster.stack import APP, SIDECAR, TASK, container, recorded, violations
from tests.policies.database_layer.stack import inputs_of
from tests.support.recording import recorded as whole

_TRACED = at("services-traced", TASK)
_TO_AWS = at("collectors-send-to-aws", TASK)
_CONTAINERS: list[dict[str, Any]] = json.loads(inputs_of(whole("prod"), TASK)["containerDefinitions"])

_APP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def _collecting(exporters: Any) -> Change:
    return _told(SIDECAR, "AOT_CONFIG_CONTENT", json.dumps({"exporters": exporters}))


def _told(name: str, variable: str, value: str) -> Change:
    return container(TASK, name, "environment", [{"name": variable, "value": value}])


ACCEPTED: dict[str, Change] = {
    "collector of another version": container(
        TASK, SIDECAR, "image", "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0"
    ),
    "collector by address": _told(APP, _APP_ENDPOINT, "http://127.0.0.1:4318"),
    "two exporters of a kind": _collecting({"awsxray": {}, "awsxray/other": {"region": "us-east-1"}, "awsemf": {}}),
}

REJECTED: dict[str, Case] = {
    "no collector": Case(edit(TASK, containerDefinitions=json.dumps(_CONTAINERS[:1])), _TRACED),
    **{
        f"exporters {exporters}": Case(_collecting(exporters), _TO_AWS)
        for exporters in (
            {"otlphttp": {"endpoint": "https://traces.example"}},
            {"awsxray": {}, "otlp/strangers": {}},
            {"awsxray": {"endpoint": "https://traces.example"}},
            {"awsxray": {"role_arn": "arn:aws:iam::444455556666:role/x"}},
            {"awsxray": {"region": "eu-west-1"}},
            {"awsemf": {}},
            {},
            [],
            {"awsxray": 7},
        )
    },
    "configuration that is no JSON": Case(_told(SIDECAR, "AOT_CONFIG_CONTENT", "exporters: {}"), _TO_AWS),
    **{
        f"traces to {value}": Case(_told(APP, _APP_ENDPOINT, value), _TO_AWS)
        for value in ("https://traces.example:4317", "http://localhost.traces.example:4317")
    },
    "another name": Case(container(TASK, SIDECAR, "name", "proxy"), _TRACED),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
