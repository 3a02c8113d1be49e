from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.cache_layer.stack import APP, CACHE, KEY, NOBODY, USERS, recorded, violations
from tests.policies.compute_cluster.stack import broken
from tests.policies.database_layer.stack import copy, inputs_of, not_of_stack, values
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded as whole

_BY_IAM, _NARROW, _HAS, _OF_STACK = (
    "cache-users-by-iam",
    "cache-users-narrow",
    "cache-has-users",
    "cache-users-of-stack",
)
_ACCESS: str = inputs_of(whole("prod"), APP)["accessString"]
_USER = "aws:elasticache/user:User"
_IAM = {"authenticationMode": {"type": "iam"}, "userId": "more", "userName": "more"}


def _access(old: str, new: str) -> Change:
    assert old in _ACCESS
    return edit(APP, accessString=_ACCESS.replace(old, new))


ACCEPTED: dict[str, Change] = {
    "fewer keys": _access("~rate:* ", ""),
    "fewer categories": _access("+@scripting ", ""),
    "ping": edit(APP, accessString=f"{_ACCESS} +ping"),
    "capitals": edit(APP, accessString=_ACCESS.upper()),
    "user that is off": add(_USER, "more", {"accessString": "off ~* +@all", "userName": "more"}),
    "user without access": add(_USER, "more", {"userName": "more"}),
    "on, and off again": edit(NOBODY, accessString="on -@all off"),
    "nothing but commands": edit(APP, accessString="on ~session:* -@admin -@dangerous +info"),
}

REJECTED: dict[str, Case] = {
    **broken(_BY_IAM, APP, "authenticationMode.type", None, "password", "no-password-required", UNKNOWN),
    **values(_BY_IAM, APP, "authenticationMode", None, UNKNOWN),
    **broken(_BY_IAM, APP, "authenticationMode.passwords", ["a password of a user"], UNKNOWN),
    **values(_BY_IAM, APP, "passwords", ["a password of a user"], UNKNOWN),
    **values(_BY_IAM, APP, "passwordsWo", "a password of a user", UNKNOWN),
    **values(_BY_IAM, APP, "noPasswordRequired", True, UNKNOWN),
    **values(_BY_IAM, APP, "userName", "another", None),
    "default user with a password": Case(edit(NOBODY, passwords=["a password of a user"]), at(_BY_IAM, NOBODY)),
    "default user that is on": Case(
        edit(NOBODY, accessString="off -@all on"), at(_BY_IAM, NOBODY) | at(_NARROW, NOBODY) | at(_OF_STACK, USERS)
    ),
    "unknown access": Case(edit(APP, accessString=UNKNOWN), at(_BY_IAM, APP) | at(_NARROW, APP)),
    "unknown access of the default user": Case(
        edit(NOBODY, accessString=UNKNOWN), at(_BY_IAM, NOBODY) | at(_NARROW, NOBODY) | at(_OF_STACK, USERS)
    ),
    **{
        f"access with {new!r}": Case(_access(old, new), at(_NARROW, APP))
        for old, new in (
            ("~session:*", "~*"),
            ("~session:*", "allkeys"),
            ("~session:*", "%RW~*"),
            ("~session:*", "&*"),
            ("~session:*", "allchannels"),
            ("+@read", "+@all"),
            ("+@read", "allcommands"),
            ("+@read", "nopass"),
            ("+@read", ">secret"),
            ("+@read", "#0f0f"),
            ("+@read", "(~* +@read)"),
            ("+info", "+flushall"),
            ("+info", "+cluster"),
            ("+info", "+@admin"),
            ("+info", "+@dangerous"),
            ("-@admin ", ""),
            ("-@dangerous ", ""),
        )
    },
    "everything": Case(edit(APP, accessString="on ~* &* +@all"), at(_NARROW, APP)),
    "rogue user": Case(add(_USER, "more", {**_IAM, "accessString": "on ~* +@all"}), at(_NARROW, "more")),
    # who is let in
    **not_of_stack(_HAS, CACHE, "userGroupIds", KEY),
    **values(_HAS, CACHE, "userGroupIds", []),
    **values(_HAS, CACHE, "authToken", "one for all", UNKNOWN),
    **values(_HAS, CACHE, "authTokenWo", "one for all", UNKNOWN),
    "two groups of users": Case(
        chain(copy(USERS, "more"), point(CACHE, "userGroupIds", USERS, "more")), at(_HAS, CACHE)
    ),
    **{
        f"users {value!r}": Case(edit(USERS, userIds=value), at(_OF_STACK, USERS))
        for value in (None, [], ["default"], ["default", "somebody"], UNKNOWN)
    },
    "tasks alone": Case(point(USERS, "userIds", APP), at(_OF_STACK, USERS)),
    "nobody": Case(point(USERS, "userIds", NOBODY), at(_OF_STACK, USERS)),
    "users that are keys": Case(point(USERS, "userIds", APP, NOBODY, KEY), at(_OF_STACK, USERS)),
    "default user of another name": Case(edit(NOBODY, userName="nobody"), at(_OF_STACK, USERS)),
    "default user gone": Case(drop(NOBODY), at(_OF_STACK, USERS)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
