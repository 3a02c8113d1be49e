"""Who may log in to the cache: users of the stack, by IAM and not by password, and each for what it needs."""

from collections.abc import Iterable, Iterator

from guardrails.cache_layer.resources import REPLICATION_GROUP, USER, USER_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.reading import Properties, UndecidedError

_DEFAULT = "default"
_PASSWORDS = ("passwords", "passwordsWo", "authenticationMode.passwords")
_TOKENS = ("authToken", "authTokenWo")
_SINGLE = frozenset({"+cluster|nodes", "+cluster|shards", "+cluster|slots", "+info", "+ping"})
"""Commands beside those of categories: what clients ask of a cluster."""
_LAST = ("-@admin", "-@dangerous")
_ALL_KEYS = ("allkeys", "~*", "%r~*", "%w~*", "%rw~*", "%wr~*")
_CHANNELS = ("allchannels", "&*")


def _words(properties: Properties) -> list[str]:
    return (properties.text("accessString") or "off").lower().split()


def _is_off(properties: Properties) -> bool:
    return [word for word in _words(properties) if word in ("on", "off")][-1:] != ["on"]


def _by_iam(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for key in _PASSWORDS:
        if properties.given(key):
            yield f"{key} are given, which stay in the state of the stack or never change"
    if _is_off(properties):
        return
    if (kind := (properties.text("authenticationMode.type") or "not given").lower()) != "iam":
        yield f"authenticationMode.type is {kind}, not iam"
    if properties.flag_or("noPasswordRequired", False):
        yield "noPasswordRequired is true, so that anybody may log in"
    if properties.text("userName") != properties.text("userId"):
        yield "userName is not userId, which AWS refuses for IAM"


def _narrow(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not _is_off(properties):
        yield from _wide(_words(properties))


def _wide(words: list[str]) -> Iterator[str]:
    if wide := [word for word in words if word in (*_ALL_KEYS, *_CHANNELS)]:
        yield f"accessString has {', '.join(wide)}, not keys by what their names begin with"
    if secret := [word for word in words if word == "nopass" or word[0] in "><#!("]:
        yield f"accessString has {', '.join(word[:6] for word in secret)}, which sets passwords or selectors"
    if every := [word for word in words if word in ("allcommands", "+@all")]:
        yield f"accessString has {', '.join(every)}, every command there is"
    granted = [index for index, word in enumerate(words) if word.startswith("+@")]
    for word in _LAST:
        if word not in words[granted[-1] + 1 if granted else 0 :]:
            yield f"accessString has no {word} after the last of the categories that it grants"
    single = [word for word in words if word.startswith("+") and not word.startswith("+@")]
    if strange := [word for word in single if word not in _SINGLE]:
        yield f"accessString has {', '.join(strange)}, which no client of a cluster needs"


def _has_users(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if tokens := [key for key in _TOKENS if group.properties.given(key)]:
        yield f"{', '.join(tokens)} given: one password for everybody and every command"
    found = group.refers("userGroupIds", USER_GROUP)
    if len(found) != 1 or _length(group, "userGroupIds") not in (None, 1):
        yield f"userGroupIds refer to {len(found)} groups of users of this stack, not to 1 alone"


def _known_users(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    users = group.refers("userIds", USER)
    if (count := _length(group, "userIds")) not in (None, len(users)):
        yield f"userIds lists {count} users, of which {len(users)} are of this stack"
    if strangers := [node.name for node in group.refers("userIds") if node.type != USER]:
        yield f"userIds is made from {strangers[0]}, so that its users can't be followed"
    if not [user for user in users if known_text(user, "userName") == _DEFAULT and _is_off(user.properties)]:
        yield "it has no user named default that is off, so that whoever logs in without a name may do all"
    if not [user for user in users if known_text(user, "userName") != _DEFAULT]:
        yield "it has no user that anybody logs in as"


def _length(node: Node, key: str) -> int | None:
    try:
        return node.properties.length(key)
    except UndecidedError:
        return None


USER_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="cache-users-by-iam",
        title="Users of the cache log in by IAM, without passwords",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({USER}),
        check=_by_iam,
        remediation="Set authenticationMode.type to iam and leave passwords out, or let accessString begin with off.",
    ),
    ResourceGuardrail(
        id="cache-users-narrow",
        title="Users of the cache may use keys by name, and no commands that manage the server or look at all keys",
        clauses=("dr-config-secrets-manager",),
        severity="high",
        types=frozenset({USER}),
        check=_narrow,
        remediation="Name prefixes of keys and categories of commands, and end with -@admin -@dangerous.",
    ),
    StackGuardrail(
        id="cache-has-users",
        title="The cache lets in users of the stack",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({REPLICATION_GROUP}),
        check=_has_users,
        controls=(
            "ElastiCache.6",
            "CKV_AWS_31",
            "AwsSolutions-AEC6",
        ),
        remediation="Pass the id of one aws.elasticache.UserGroup of the stack, and no token.",
    ),
    StackGuardrail(
        id="cache-users-of-stack",
        title="Groups of users of the cache hold users of the stack, and the default user is off",
        clauses=("dr-config-secrets-manager",),
        severity="critical",
        types=frozenset({USER_GROUP}),
        check=_known_users,
        remediation="List users of the stack, and among them one with the userName default and an accessString of off.",
    ),
)
