"""Policy documents of IAM and of resources. Pure: every part is known at the first preview."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]


def document(*statements: Statement) -> str:
    """Return a policy document of ``statements``."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    actions: str | Sequence[str],
    resources: str | Sequence[str],
    *,
    sid: str | None = None,
    principal: Any = None,
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    """Return a statement that allows ``actions`` on ``resources``; the principal is for policies of resources."""
    return _statement("Allow", actions, resources, sid=sid, principal=principal, condition=condition)


def deny(
    actions: str | Sequence[str],
    resources: str | Sequence[str],
    *,
    sid: str | None = None,
    principal: Any = None,
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    """Return a statement that denies ``actions`` on ``resources``."""
    return _statement("Deny", actions, resources, sid=sid, principal=principal, condition=condition)


def allow_key(
    actions: str | Sequence[str],
    keys: str,
    alias: str | Sequence[str],
    *,
    sid: str,
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    """Return a statement that allows ``actions`` on those of ``keys`` that have an alias: ids of keys are random."""
    named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias if isinstance(alias, str) else _flat(alias)}}
    return allow(actions, keys, sid=sid, condition={**(condition or {}), **named})


def deny_plain_http(actions: str, resources: str | Sequence[str]) -> Statement:
    """Return the statement that refuses requests without TLS; AWS itself refuses versions older than 1.2."""
    return deny(
        actions,
        resources,
        sid="TlsOnly",
        principal="*",
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )


def service(name: str) -> dict[str, str]:
    """Return an AWS service as a principal."""
    return {"Service": f"{name}.amazonaws.com"}


def trust(name: str, condition: Mapping[str, Any] | None = None) -> str:
    """Return the trust policy of a role that the AWS service ``name`` assumes."""
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": service(name), "Action": "sts:AssumeRole"}
    return document({**statement, "Condition": condition} if condition else statement)


def _flat(values: Sequence[str]) -> str | list[str]:
    """Return one value by itself, as IAM writes it."""
    return values[0] if len(values) == 1 else list(values)


def _statement(
    effect: str,
    actions: str | Sequence[str],
    resources: str | Sequence[str],
    **rest: Any,
) -> Statement:
    parts = {
        "Sid": rest["sid"],
        "Effect": effect,
        "Principal": rest["principal"],
        "Action": actions,
        "Resource": resources,
        "Condition": rest["condition"],
    }
    return {key: value for key, value in parts.items() if value is not None}
