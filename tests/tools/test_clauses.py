"""The clause table says what can be true: known ids, types and properties, and nothing open without leave."""

import enum
import keyword
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import components
from components import StackSettings
from components.settings_base import KeepsAdr, Settings
from guardrails.tokens import canonical
from tests.mutation.sdk import kind_of
from tests.support.recording import ROOT
from tools.clauses import (
    UNBUILT,
    Bound,
    Clause,
    ClauseTableError,
    Target,
    load_clauses,
    problems,
    standing,
    summary,
)
from tools.generate_docs import guarded, settings_in

CLAUSES = {clause.id: clause for clause in load_clauses()}
FIXES = [
    pytest.param(target, path, bound, id=f"{clause.id}: {target} {path}")
    for clause in CLAUSES.values()
    for target, bounds in clause.fixes.items()
    for path, bound in bounds.items()
]
_NAMED = re.compile(r"[Cc]lauses? ((?:[a-z0-9]+(?:-[a-z0-9*]+)+(?:, | and )?)+)")
_KINDS: dict[str, tuple[type, ...]] = {
    "range": (int, float),
    "holds": (list,),
    "pattern": (str,),
    "narrow": (str, int, float),
    "document": (str,),
}


def test_every_clause_of_the_decision_has_one_row() -> None:
    assert len(CLAUSES) == 184


def test_what_is_built_is_kept_and_what_is_not_is_open() -> None:
    assert list(problems(CLAUSES.values(), guarded())) == []


def test_layers_are_components_or_not_built() -> None:
    for clause in CLAUSES.values():
        assert clause.layer == "Program" or clause.layer in UNBUILT or hasattr(components, clause.layer), clause.id


def _markers(model: type[Settings]) -> Iterator[KeepsAdr]:
    for field in model.model_fields.values():
        yield from (item for item in field.metadata if isinstance(item, KeepsAdr))
        if nested := settings_in(field.annotation):
            yield from _markers(nested)


def test_settings_name_clauses() -> None:
    assert {marker.clause for marker in _markers(StackSettings)} <= CLAUSES.keys()


def test_clauses_that_the_code_speaks_of_are_in_the_table() -> None:
    texts = [path.read_text(encoding="utf-8") for folder in ("components", "policies") for path in _sources(folder)]
    named = {name for text in texts for found in _NAMED.findall(text) for name in re.split(r", | and ", found) if name}
    assert len(named) > 20
    for name in named:
        assert any(fnmatchcase(id_, name) for id_ in CLAUSES), name


def _sources(folder: str) -> Iterator[Path]:
    return (ROOT / folder).rglob("*.py")


@pytest.mark.parametrize(
    "token",
    sorted(
        {target.type for clause in CLAUSES.values() for target in clause.fixes}
        | {token for clause in CLAUSES.values() for token in clause.forbids}
        | {
            bound.refers
            for clause in CLAUSES.values()
            for bounds in clause.fixes.values()
            for bound in bounds.values()
            if bound.refers
        }
    ),
)
def test_types_are_canonical_and_known_to_the_provider(token: str) -> None:
    import pulumi_aws

    assert canonical(token) == token
    if token.startswith("pulumi:"):
        return
    _, package, _, class_ = re.split("[:/]", _in_python(token))
    assert canonical(getattr(getattr(pulumi_aws, package), class_).pulumi_type) == token


def _in_python(token: str) -> str:
    """Return a token with its service as the SDK's package is called: ``lambda`` is a word of Python."""
    service = re.split("[:/]", token)[1]
    return token.replace(f":{service}/", f":{service}_/") if keyword.iskeyword(service) else token


@pytest.mark.parametrize(("target", "path", "bound"), FIXES)
def test_properties_are_known_to_the_provider_and_can_have_their_bound(target: Target, path: str, bound: Bound) -> None:
    declared, json_text, _ = path.partition("{}")
    kind = kind_of(target.type, declared.removesuffix("[]"))
    if target.type.startswith("pulumi:"):
        assert json_text or kind in (str, bool, list, dict)  # providers take what is structured as JSON
    elif json_text or declared.endswith("[]"):
        assert kind is (str if json_text else list)
    elif bound.kind in _KINDS:
        assert kind in _KINDS[bound.kind]
    elif bound.kind in ("is", "among"):
        expected = {str} if issubclass(kind, enum.Enum) else {int, float} if kind is float else {kind}
        assert {type(value) for value in bound.among or [bound.is_]} <= expected


ROW = """\
- id: db-backup-35d
  says: Backups are kept.
  layer: DatabaseLayer
"""
INSTANCE = f"""{ROW}  fixes:
    aws:rds/instance:Instance database-*:
"""


def _loaded(folder: Path, text: str) -> tuple[Clause, ...]:
    (folder / "table.yaml").write_text(text, encoding="utf-8")
    return load_clauses(folder / "table.yaml")


MISTAKES = {
    "not YAML": ("- id: [", "table.yaml: not YAML: "),
    "no list": ("id: db-backup-35d", "table.yaml: found dict; allowed: a list of clauses"),
    "nothing": ("", "table.yaml: found NoneType; allowed: a list of clauses"),
    "no row": ("- db-backup-35d", "table.yaml: row 0: found 'db-backup-35d'; allowed: a"),
    "without a key": ("- id: db-backup-35d\n  says: x", "table.yaml: db-backup-35d: layer: missing"),
    "unknown key": (f"{ROW}  fix: {{}}", "table.yaml: db-backup-35d: fix: unknown key"),
    "key twice": (f"{ROW}  layer: ApiLayer", "table.yaml: not YAML: 'layer' stands 2 times"),
    "row twice": (ROW + ROW, "table.yaml: db-backup-35d stands more than once"),
    "empty sentence": (ROW.replace("Backups are kept.", "''"), "table.yaml: db-backup-35d: says: found ''; allowed: "),
    "no type": (f"{ROW}  fixes: {{rds.Instance: {{}}}}", "allowed: a type such as aws:rds/instance:Instance"),
    "two globs": (f"{ROW}  fixes: {{'aws:rds/instance:Instance a b': {{}}}}", "allowed: a type such as"),
    "no path": (f"{INSTANCE}      'a..b': {{given: true}}", "Instance database-*: a..b: found 'a..b'; allowed: "),
    "no bound": (f"{INSTANCE}      port: {{}}", "database-*: port: found {}; allowed: one of is, minimum, "),
    "two bounds": (f"{INSTANCE}      port: {{given: true, maximum: 1}}", "port: found {'given': True, 'maximum': 1}; "),
    "unknown bound": (f"{INSTANCE}      port: {{most: 1}}", "database-*: port: most: unknown key"),
    "crossed bounds": (f"{INSTANCE}      port: {{minimum: 2, maximum: 1}}", "a minimum that is not above the maximum"),
    "no pattern": (f"{INSTANCE}      engine: {{pattern: '('}}", "engine: pattern: found '('; allowed: a regular expr"),
    "empty list": (f"{INSTANCE}      engine: {{among: []}}", "engine: among: found []; allowed: "),
    "absent or not": (f"{INSTANCE}      port: {{absent: false}}", "port: absent: found False; allowed: True"),
    "refers to no type": (f"{INSTANCE}      port: {{refers: Key}}", "port: refers: found 'Key'; allowed: "),
    "whichever of nothing": (f"{INSTANCE}      port: {{given: true, whichever: true}}", "whichever beside refers"),
    "runbook elsewhere": (f"{ROW}  runbook: x.md", "db-backup-35d: runbook: found 'x.md'; allowed: "),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_in_the_table_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ClauseTableError) as error:
        _loaded(tmp_path, text)
    assert message in str(error.value)
    assert str(error.value).count("table.yaml: ") == 1


def test_every_mistake_has_its_line(tmp_path: Path) -> None:
    with pytest.raises(ClauseTableError) as error:
        _loaded(tmp_path, f"{INSTANCE}      port: {{}}\n      engine: {{most: 1}}\n  fix: {{}}")
    assert len(str(error.value).splitlines()) == 3


def test_row_is_read(tmp_path: Path) -> None:
    key = "{refers: aws:kms/key:Key, whichever: true}"
    [clause] = _loaded(
        tmp_path, f"{INSTANCE}      port: {{is: 0}}\n      size: {{maximum: 2, minimum: 1}}\n      key: {key}"
    )
    [(target, bounds)] = clause.fixes.items()
    assert target == ("aws:rds/instance:Instance", "database-*")
    assert str(target) == "aws:rds/instance:Instance database-*"
    assert [(path, bound.kind) for path, bound in bounds.items()] == [
        ("port", "is"),
        ("size", "range"),
        ("key", "refers"),
    ]


def _clause(**keys: str) -> Clause:
    return Clause.model_validate({"id": "db-x", "says": "It is so.", "layer": "DatabaseLayer", **keys})


STANDINGS = {
    "named by a guardrail": ({}, {"db-x"}, "kept"),
    "with a reason": ({"outside": "People do it."}, set[str](), "outside"),
    "with a runbook": ({"runbook": "docs/runbooks/x.md"}, set[str](), "outside"),
    "with a runbook that is not there": ({"runbook": "docs/runbooks/y.md"}, set[str](), "open"),
    "with nothing": ({}, {"db-y"}, "open"),
}


@pytest.mark.parametrize(("keys", "named", "expected"), STANDINGS.values(), ids=STANDINGS.keys())
def test_standing(
    keys: dict[str, str], named: set[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs" / "runbooks").mkdir(parents=True)
    (tmp_path / "docs" / "runbooks" / "x.md").touch()
    monkeypatch.setattr("tools.clauses.ROOT", tmp_path)
    assert standing(_clause(**keys), named) == expected


def test_summary_counts_all() -> None:
    clauses = [_clause(), _clause(id="db-y"), _clause(id="db-z"), _clause(id="db-w", outside="People do it.")]
    assert summary(clauses, {"db-x"}) == "1 kept, 1 outside what policies can see, 2 open"


_NOBODY = (
    "DatabaseLayer is built, so that a guardrail has to name it in `clauses`, or the table has to say by `outside` or "
    "`runbook` why none can"
)
WRONG: dict[str, tuple[list[Clause], set[str], set[str], list[str]]] = {
    "kept": ([_clause()], {"db-x"}, set(), []),
    "open while its layer is not built": ([_clause()], set(), {"DatabaseLayer"}, []),
    "open though its layer is built": (
        [_clause()],
        set(),
        set(),
        [f"clause db-x has neither a guardrail nor a reason: {_NOBODY}"],
    ),
    "runbook that is not there": (
        [_clause(runbook="docs/runbooks/none.md")],
        set(),
        set(),
        ["clause db-x has neither a guardrail nor a reason: its runbook docs/runbooks/none.md does not exist"],
    ),
    "unknown to the table": (
        [_clause()],
        {"db-x", "db-y"},
        set(),
        ["guardrails name clause db-y, which is not in the table"],
    ),
    "kept and outside": (
        [_clause(outside="People do it.")],
        {"db-x"},
        set(),
        ["clause db-x has guardrails, and a reason why it can have none: take `outside` out"],
    ),
    "stale": (
        [_clause()],
        {"db-x"},
        {"DatabaseLayer"},
        ["no clause of DatabaseLayer is open: take it out of UNBUILT in tools/clauses.py"],
    ),
}


@pytest.mark.parametrize(("clauses", "named", "unbuilt", "expected"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_is_said(
    clauses: list[Clause], named: set[str], unbuilt: set[str], expected: list[str]
) -> None:
    assert list(problems(clauses, named, unbuilt)) == expected


def test_layer_that_is_built_has_no_open_clause() -> None:
    """Whoever takes a layer out of ``UNBUILT`` is told of each of its clauses that nothing keeps yet."""
    waiting = [
        clause.id
        for clause in CLAUSES.values()
        if clause.layer == "DatabaseLayer" and clause.id in guarded() and not clause.runbook
    ]
    found = [text.split()[1] for text in problems(CLAUSES.values(), guarded() - {*waiting})]
    assert len(waiting) > 3
    assert found == waiting


MISFITS = {
    "no property": ("aws:rds/instance:Instance", "backupRetentionDays", Bound(given=True)),
    "no part of a block": ("aws:backup/plan:Plan", "rules[].lifecycle.deletes", Bound(given=True)),
    "block of another name": ("aws:backup/plan:Plan", "rule[].schedule", Bound(given=True)),
    "number for a text": ("aws:rds/instance:Instance", "engine", Bound(minimum=1)),
    "text for a number": ("aws:rds/instance:Instance", "port", Bound(among=["5432"])),
    "list for a flag": ("aws:rds/instance:Instance", "multiAz", Bound(holds=[True])),
    "items of what is no list": ("aws:rds/instance:Instance", "engine[]", Bound(given=True)),
    "JSON in a number": ("aws:rds/instance:Instance", "port{}.x", Bound(given=True)),
}


@pytest.mark.parametrize(("token", "path", "bound"), MISFITS.values(), ids=MISFITS.keys())
def test_property_that_does_not_fit_is_found(token: str, path: str, bound: Bound) -> None:
    with pytest.raises((AssertionError, LookupError)):
        test_properties_are_known_to_the_provider_and_can_have_their_bound(Target(token, "*"), path, bound)


@pytest.mark.parametrize(
    "token", ["aws:rds/instance:Instances", "aws:ec2/instance:Vpc", "aws:alb/listener:Listener", "aws:rdb/x:Y"]
)
def test_type_that_is_not_there_is_found(token: str) -> None:
    with pytest.raises((AssertionError, AttributeError)):
        test_types_are_canonical_and_known_to_the_provider(token)
