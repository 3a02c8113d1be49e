"""What a stack may be relaxed by that has no second region."""

from collections.abc import Mapping

from guardrails.model import Option

REQUIRED: Mapping[str, Option] = {
    "required": Option({"type": "boolean"}, True, "Whether there must be a copy in a second region.")
}
