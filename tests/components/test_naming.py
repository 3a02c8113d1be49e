from components.naming import Naming

_NAMING = Naming("prod", "444455556666", "eu-west-1", {"CostCenter": "42", "Project": "other"})


def test_names_begin_with_project_and_environment() -> None:
    assert _NAMING.prefix == "fitness-platform-prod"
    assert _NAMING.name("private", "a") == "fitness-platform-prod-private-a"
    assert _NAMING.name() == "fitness-platform-prod"


def test_names_that_regions_share_hold_the_region() -> None:
    assert _NAMING.global_name("flow-logs") == "fitness-platform-prod-eu-west-1-flow-logs"


def test_zones_services_and_arns_are_those_of_the_region() -> None:
    assert _NAMING.zone("b") == "eu-west-1b"
    assert _NAMING.endpoint_service("ecr.api") == "com.amazonaws.eu-west-1.ecr.api"
    assert _NAMING.arn("logs", "log-group:*") == "arn:aws:logs:eu-west-1:444455556666:log-group:*"


def test_default_tags_add_to_those_of_the_settings_and_win_over_them() -> None:
    assert _NAMING.default_tags == {
        "CostCenter": "42",
        "Project": "fitness-platform",
        "Environment": "prod",
        "ManagedBy": "pulumi",
    }
