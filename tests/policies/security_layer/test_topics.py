from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, point
from tests.policies.security_layer.judged import broken
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_TOPIC, _ENCRYPTED = "security-alerts-critical", "topics-encrypted"

ACCEPTED: dict[str, Change] = {"another key of the stack": point(_TOPIC, "kmsMasterKeyId", "security-data-key")}

REJECTED: dict[str, Case] = {
    **{
        f"key {value!r}": Case(edit(_TOPIC, kmsMasterKeyId=value), at(_ENCRYPTED, _TOPIC))
        for value in (None, "", "alias/aws/sns", "arn:aws:kms:us-east-1:444455556666:key/1", UNKNOWN, 7)
    },
    "key of another stack": Case(
        chain(other_stack, point(_TOPIC, "kmsMasterKeyId", ELSEWHERE)), at(_ENCRYPTED, _TOPIC)
    ),
    "what is no key": Case(point(_TOPIC, "kmsMasterKeyId", "security-alerts-warning"), at(_ENCRYPTED, _TOPIC)),
    "another topic": Case(
        add("aws:sns/topic:Topic", "more", {"name": "more"}), at(_ENCRYPTED, "more") | at("tls-only", "more")
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
