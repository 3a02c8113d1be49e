"""What a role of the stack is allowed by its own policies."""

from fnmatch import fnmatchcase
from typing import Any

from guardrails.graph import Node
from guardrails.reading import as_texts

ROLE = "aws:iam/role:Role"
_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def not_granted(role: Node, actions: tuple[str, ...]) -> list[str]:
    """Return those of some actions that a role's own policies don't allow; attached ones can't be read."""
    if role.referrers("role", _ATTACHMENT):
        return []
    allowed = [
        action
        for policy in role.referrers("role", _POLICY)
        for statement in policy.properties.statements("policy")
        for action in as_texts(allowed_in(statement, "Action"))
    ]
    return [action for action in actions if not any(fnmatchcase(action, pattern) for pattern in allowed)]


def allowed_in(statement: dict[str, Any], key: str) -> Any:
    """Return what a statement allows, or nothing where it denies."""
    return statement.get(key) if statement.get("Effect") == "Allow" else None
