"""The clauses of ADR 003: what each asks, which properties carry it, and whether something keeps it.

``docs/adr/clauses.yaml`` is the table. It is the one place that says which property has to stay within which bound, and
because of which clause: guardrails and settings name clauses by id, ``docs/traceability.md`` is written from it, and
the tests that break a recorded stack take from it what to break.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "adr" / "clauses.yaml"

UNBUILT = frozenset[str]()
"""Layers that don't exist yet. Only their clauses may be open; whoever begins one puts it in here."""

_TOKEN = r"(?:aws:[a-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+|pulumi:providers:aws)"  # noqa: S105 names a type
_SEGMENT = r"(?:\*|[A-Za-z][A-Za-z0-9_-]*(\{\})?(\[[A-Za-z]*\])*)"

Standing = Literal["kept", "outside", "open"]
"""Whether a clause has a guardrail, a reason why none can keep it or a runbook in place of one, or neither yet."""


class ClauseTableError(ValueError):
    """The table holds mistakes; the message has a line for each."""


class NotGiven(Enum):
    """Stands for ``is`` left out, as every value of YAML may stand behind it."""

    NOT_GIVEN = "not given"


class Target(NamedTuple):
    """Which resources carry a clause. Written as ``type`` or as ``type glob``."""

    type: str
    """Canonical type token."""
    glob: str
    """Pattern of the resources' Pulumi names, as :mod:`fnmatch` reads it; ``*`` for all of the type."""

    def __str__(self) -> str:
        return self.type if self.glob == "*" else f"{self.type} {self.glob}"


def _target(value: object) -> Target:
    found = re.fullmatch(rf"({_TOKEN})(?: (\S+))?", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("a type such as aws:rds/instance:Instance, and after a blank perhaps a glob of names")
    return Target(found[1], found[2] or "*")


def _regular_expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error:
        raise ValueError("a regular expression") from None
    return value


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Scalar = bool | int | float | str


class Bound(_Row):
    """What a property must keep to: one kind of bound. ``minimum`` and ``maximum`` may stand together."""

    is_: _Scalar | NotGiven = Field(default=NotGiven.NOT_GIVEN, alias="is")
    """The value that it must equal."""
    minimum: int | float | None = None
    maximum: int | float | None = None
    among: Annotated[list[_Scalar], Field(min_length=1)] | None = None
    """Values of which it must be one."""
    other_than: Annotated[list[_Scalar], Field(min_length=1)] | None = Field(default=None, alias="otherThan")
    """Values of which it must be none."""
    holds: Annotated[list[_Scalar | dict[str, _Scalar]], Field(min_length=1)] | None = None
    """Items that the list must have; a mapping stands for an item that has at least these keys and values."""
    pattern: Annotated[str, AfterValidator(_regular_expression)] | None = None
    """Regular expression that the whole text must match."""
    given: Literal[True] | None = None
    """It must be there and not empty, whatever it is."""
    absent: Literal[True] | None = None
    """It must not be set, or be false or empty."""
    refers: Annotated[str, Field(pattern=f"^{_TOKEN}$")] | None = None
    """Canonical type of the resource that it must refer to, and go on referring to."""
    whichever: Literal[True] | None = None
    """Beside ``refers``: any resource of the type will do, not only the one that it refers to."""
    narrow: Literal["cidr", "ports"] | None = None
    """A CIDR block or a port that may not become wider than it is declared."""
    document: Literal[True] | None = None
    """A policy document: its conditions and denials stay, its principals, actions and resources don't grow."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Bound":
        kinds = {_kind_of(name) for name in self.model_fields_set}
        if len(kinds) != 1 or (self.whichever and not self.refers):
            raise ValueError(
                f"one of {', '.join(_KINDS)}; minimum and maximum may stand together, whichever beside refers"
            )
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("a minimum that is not above the maximum")
        return self

    @property
    def kind(self) -> str:
        """The key in the table that gives the bound, ``range`` for ``minimum`` and ``maximum`` alike."""
        return _kind_of(next(iter(self.model_fields_set)))


_WITH = {"minimum": "range", "maximum": "range", "is_": "is", "other_than": "otherThan", "whichever": "refers"}


def _kind_of(field: str) -> str:
    return _WITH.get(field, field)


_KINDS = [field.alias or name for name, field in Bound.model_fields.items() if name != "whichever"]

_Path = Annotated[str, Field(pattern=rf"^{_SEGMENT}(\.{_SEGMENT})*$")]


class Clause(_Row):
    """One row: a sentence of the decision that a test can tell kept from broken."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    says: Annotated[str, Field(min_length=1)]
    """What it asks, with its figure, in one or two sentences."""
    layer: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+$")]
    """The component that builds it, or ``Program``."""
    fixes: dict[Annotated[Target, BeforeValidator(_target)], dict[_Path, Bound]] = {}
    """Which properties carry it, within which bounds. A resource without any carries it by being there."""
    forbids: list[Annotated[str, Field(pattern=f"^{_TOKEN}$")]] = []
    """Canonical types that may not stand in the stack because of it."""
    outside: Annotated[str, Field(min_length=1)] | None = None
    """Why no policy can see whether it is kept."""
    runbook: Annotated[str, Field(pattern=r"^docs/runbooks/[a-z0-9-]+\.md$")] | None = None
    """What people follow to keep it, as a path from the root of the project."""


class _Loader(yaml.SafeLoader):
    """YAML in which a key stands once: of two the first would be dropped in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value)
        for key, count in keys.items():
            if count > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands {count} times", node.start_mark)
        return super().construct_mapping(node, deep)


def load_clauses(path: Path = TABLE) -> tuple[Clause, ...]:
    """Read the table, in the decision's order.

    :raises ClauseTableError: with every mistake at once: its place, what was found, what is allowed.
    """
    try:
        rows: Any = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 a SafeLoader
    except yaml.YAMLError as error:
        raise ClauseTableError(f"{path.name}: not YAML: {error}") from None
    try:
        clauses = TypeAdapter(tuple[Clause, ...]).validate_python(rows, strict=False)
    except ValidationError as error:
        raise ClauseTableError("\n".join(f"{path.name}: {_explain(rows, one)}" for one in error.errors())) from None
    twice = [id_ for id_, count in Counter(clause.id for clause in clauses).items() if count > 1]
    if twice:
        raise ClauseTableError("\n".join(f"{path.name}: {id_} stands more than once" for id_ in twice))
    return clauses


def _explain(rows: Any, detail: ErrorDetails) -> str:
    if not detail["loc"]:
        return f"found {type(detail['input']).__name__}; allowed: a list of clauses"
    (number, *rest), found = detail["loc"], detail["input"]
    row = rows[number]
    name = row.get("id") if isinstance(row, dict) else None
    place = ": ".join([str(name or f"row {number}"), *(str(part) for part in rest if part != "[key]")])
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key"
    if detail["type"] == "missing":
        return f"{place}: missing"
    allowed = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{place}: found {found!r}; allowed: {allowed}"


def standing(clause: Clause, guarded: Collection[str]) -> Standing:
    """Return whether something keeps a clause; ``guarded`` are the ids that guardrails name."""
    if clause.id in guarded:
        return "kept"
    has_runbook = clause.runbook is not None and (ROOT / clause.runbook).is_file()
    return "outside" if clause.outside or has_runbook else "open"


def summary(clauses: Collection[Clause], guarded: Collection[str]) -> str:
    """Return how many clauses stand how, in words."""
    count = Counter(standing(clause, guarded) for clause in clauses)
    return f"{count['kept']} kept, {count['outside']} outside what policies can see, {count['open']} open"


def problems(
    clauses: Collection[Clause], guarded: Collection[str], unbuilt: Collection[str] = UNBUILT
) -> Iterator[str]:
    """Yield where the table and the guardrails don't fit together, and what is open without leave."""
    for id_ in sorted({*guarded} - {clause.id for clause in clauses}):
        yield f"guardrails name clause {id_}, which is not in the table"
    waiting: set[str] = set()
    for clause in clauses:
        state = standing(clause, guarded)
        if state == "kept" and clause.outside:
            yield f"clause {clause.id} has guardrails, and a reason why it can have none: take `outside` out"
        if state == "open":
            waiting.add(clause.layer)
            if clause.layer not in unbuilt:
                yield f"clause {clause.id} has neither a guardrail nor a reason: {_advice(clause)}"
    for layer in sorted({*unbuilt} - waiting):
        yield f"no clause of {layer} is open: take it out of UNBUILT in tools/clauses.py"


def _advice(clause: Clause) -> str:
    if clause.runbook:
        return f"its runbook {clause.runbook} does not exist"
    return (
        f"{clause.layer} is built, so that a guardrail has to name it in `clauses`, or the table has to say by "
        "`outside` or `runbook` why none can"
    )
