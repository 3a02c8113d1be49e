from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, KEY, PRIMARY, not_of_stack, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

ACCEPTED: dict[str, Change] = {
    "monitored every second": edit(PRIMARY, monitoringInterval=1),
    "minor upgrades by default": edit(PRIMARY, autoMinorVersionUpgrade=None),
    "authority left to AWS": edit(PRIMARY, caCertIdentifier=None),
    "other authority": edit(PRIMARY, caCertIdentifier="rds-ca-ecc384-g1"),
}

REJECTED: dict[str, Case] = {
    key: case
    for name in INSTANCES
    for key, case in (
        values("database-monitored", name, "monitoringInterval", None, 0, UNKNOWN, "60")
        | not_of_stack("database-monitored", name, "monitoringRoleArn", KEY)
        | values("database-insights", name, "performanceInsightsEnabled", None, False)
        | {
            f"{name}: insights {value!r}": Case(
                edit(name, performanceInsightsEnabled=value),
                at("database-insights", name) | at("database-insights-key-of-stack", name),
            )
            for value in (UNKNOWN, "true")
        }
        | values("database-minor-upgrades", name, "autoMinorVersionUpgrade", False, UNKNOWN, "true")
        | values("database-iam-authentication", name, "iamDatabaseAuthenticationEnabled", None, False, UNKNOWN, "true")
        | values("database-certificate-current", name, "caCertIdentifier", "rds-ca-2015", "rds-ca-2019", UNKNOWN, 7)
    ).items()
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
