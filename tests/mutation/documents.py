"""Policy documents, each made wider by one step."""

import json
from collections.abc import Iterator
from typing import Any

_Statement = dict[str, Any]


def wider(text: str) -> Iterator[tuple[str, str]]:
    """Yield a document once for each way in which it can let in more, with what the change is called."""
    whole: dict[str, Any] = json.loads(text)
    found: Any = whole["Statement"]
    statements: list[_Statement] = found if isinstance(found, list) else [found]
    for index, statement in enumerate(statements):
        name = statement.get("Sid", index)
        for label, changed in _wider(statement):
            others = statements[:index], statements[index + 1 :]
            new = {**whole, "Statement": [*others[0], *([changed] if changed else []), *others[1]]}
            yield f"{name}: {label}", json.dumps(new)


def _wider(statement: _Statement) -> Iterator[tuple[str, _Statement | None]]:
    if statement["Effect"] == "Deny":
        yield "denial dropped", None
        yield "denial turned into a grant", {**statement, "Effect": "Allow"}
        if statement.get("Action") not in ("*", ["*"]):
            yield "denial of one action only", {**statement, "Action": "iam:GetUser"}
        return
    if "Principal" in statement and statement["Principal"] != "*":
        for label, principal in (("anyone", "*"), ("another account", {"AWS": "arn:aws:iam::999999999999:root"})):
            yield f"{label} may", _without(statement, "Condition") | {"Principal": principal}
    if statement.get("Condition"):
        yield "condition dropped", _without(statement, "Condition")
    if "Principal" not in statement:  # a policy of IAM: whose principal is fixed
        for key in ("Action", "Resource"):
            if statement.get(key) not in ("*", ["*"]):
                yield f"{key} *", _without(statement, "Condition") | {key: "*"}


def _without(statement: _Statement, key: str) -> _Statement:
    return {name: value for name, value in statement.items() if name != key}
