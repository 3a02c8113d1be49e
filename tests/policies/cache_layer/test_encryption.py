from tests.policies.breaking import Case, Change, at, cases, edit, point
from tests.policies.cache_layer.stack import CACHE, SUBNETS, recorded, violations
from tests.policies.database_layer.stack import not_of_stack, values
from tests.support.editing import UNKNOWN

ACCEPTED: dict[str, Change] = {
    "TLS required by default": edit(CACHE, transitEncryptionMode=None),
    "another key of the stack": point(CACHE, "kmsKeyId", "security-logs-key"),
}

REJECTED: dict[str, Case] = {
    **values("cache-encrypted", CACHE, "atRestEncryptionEnabled", None, False, UNKNOWN, "yes"),
    **not_of_stack("cache-key-of-stack", CACHE, "kmsKeyId", SUBNETS),
    **values("cache-tls-required", CACHE, "transitEncryptionEnabled", None, False, UNKNOWN, "yes"),
    **values("cache-tls-required", CACHE, "transitEncryptionMode", "preferred", UNKNOWN, 7),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_of_two_mistakes_both_are_told() -> None:
    plain = edit(CACHE, atRestEncryptionEnabled=False, transitEncryptionEnabled=False)(recorded("prod"))
    assert violations(plain) == at("cache-encrypted", CACHE) | at("cache-tls-required", CACHE)
