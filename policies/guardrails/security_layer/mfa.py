"""Denials of what is done without MFA: they stand in for locks that only the root user can set."""

from typing import Any

from guardrails.security_layer.resource_policies import ELEMENTS, conditions_of

_WITHOUT_MFA = ("BoolIfExists", "aws:multifactorauthpresent", ["false"])


def denies_without_mfa(statement: dict[str, Any], accounts: set[str]) -> bool:
    """Return whether a statement denies everybody without MFA, other than roles of the account that are named."""
    if (
        statement.keys() - ELEMENTS
        or statement.get("Effect") != "Deny"
        or statement.get("Principal") not in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    ):
        return False
    conditions = [*conditions_of(statement)]
    others = [condition for condition in conditions if condition != _WITHOUT_MFA]
    return len(others) < len(conditions) and all(
        operator == "ArnNotEquals"
        and key == "aws:principalarn"
        and len(values) == 1
        and _is_own_role(values[0], accounts)
        for operator, key, values in others
    )


def has_exceptions(statement: dict[str, Any]) -> bool:
    """Return whether a statement asks for more than that MFA is missing, so that somebody is left out."""
    return len([*conditions_of(statement)]) != 1


def _is_own_role(arn: str, accounts: set[str]) -> bool:
    parts = arn.split(":")
    return (
        len(parts) == 6
        and parts[:4] == ["arn", "aws", "iam", ""]
        and parts[4] in accounts
        and parts[5].startswith("role/")
        and not any(sign in arn for sign in "*?")
    )
