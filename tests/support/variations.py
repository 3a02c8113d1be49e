"""What settings can be varied to: values generated from the models alone, and the stacks that they make.

A value *keeps* the decision where every ``KeepsAdr`` marker of the stack that it makes of prod holds, *breaks* it where
one does not, and is *refused* where the settings do not let it pass.
"""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from random import Random
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from components import StackSettings
from components.naming import PROJECT
from components.settings import all_conflicts
from components.settings_base import KeepsAdr, Settings
from preview.program import run_program
from preview.stack_file import StackConfig
from preview.topology import Topology
from tests.support.recording import configured

# Hundreds of previews take half the time where the collector leaves out what is imported, and looks at the rest rarely.
gc.freeze()
gc.set_threshold(500_000, 20, 20)

Path = tuple[str, ...]
"""Keys from the section down, as in YAML: ``("network", "natMode")``."""
Changes = Mapping[Path, Any]
"""Values, as YAML would give them, by the path of their setting."""
Kind = Literal["keeps", "breaks", "refused"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a stack, and the values that its model lets tests make up."""

    path: Path
    field: FieldInfo
    default: Any
    """What it is in prod."""
    values: tuple[Any, ...]
    """Legal values as YAML would give them, prod's first."""

    @property
    def name(self) -> str:
        """The path as messages write it, less the project."""
        return ".".join(self.path)

    @property
    def markers(self) -> list[KeepsAdr]:
        """Which of its values keep the decision."""
        return [item for item in self.field.metadata if isinstance(item, KeepsAdr)]

    def of_kind(self, kind: Kind) -> list[Any]:
        """Return its values that, alone, do this to prod."""
        return [value for value in self.values if kind_of({self.path: value}) == kind]


def prod() -> dict[str, Any]:
    """Return prod's configuration as one document, a key a section."""
    config = configured("prod").config
    sections = {key.removeprefix(f"{PROJECT}:"): text for key, text in config.items() if key.startswith(f"{PROJECT}:")}
    return {"region": config["aws:region"], **{name: json.loads(text) for name, text in sections.items()}}


_PROD = prod()


def document(changes: Changes) -> dict[str, Any]:
    """Return prod's configuration with some settings changed."""
    changed = deepcopy(_PROD)
    for path, value in changes.items():
        at = changed
        for key in path[:-1]:
            at = at.setdefault(key, {})
        at[path[-1]] = value
    return changed


def parsed(changes: Changes) -> StackSettings | None:
    """Return the settings of prod with some changed; nothing where they are refused."""
    try:
        settings = StackSettings.model_validate_json(json.dumps(document(changes)))
    except ValidationError:
        return None
    return None if any(all_conflicts(settings)) else settings


def broken_markers(settings: Settings) -> Iterator[KeepsAdr]:
    """Yield the markers of ``settings``, and of all that they hold, that do not hold."""
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        yield from (item for item in field.metadata if isinstance(item, KeepsAdr) and not item.holds(value))
        for part in value.values() if isinstance(value, dict) else (value,):
            if isinstance(part, Settings):
                yield from broken_markers(part)


def kind_of(changes: Changes) -> Kind:
    """Return what some changes do to prod."""
    settings = parsed(changes)
    if settings is None:
        return "refused"
    return "breaks" if any(broken_markers(settings)) else "keeps"


def stack(changes: Changes) -> StackConfig:
    """Return prod with some settings changed, as the engine would tell the program."""
    made = {key: value for key, value in document(changes).items() if key != "region"}
    config = {f"{PROJECT}:{section}": json.dumps(values) for section, values in made.items()}
    loaded = configured("prod")
    return replace(loaded, config={**loaded.config, **config, "aws:region": document(changes)["region"]})


def previewed(changes: Changes) -> Topology:
    """Return what the program declares for prod with some settings changed. Not cached: no two tests ask for one."""
    return run_program(stack(changes), {})


@cache
def all_settings() -> tuple[Setting, ...]:
    """Return every setting of a stack."""
    return tuple(_settings(StackSettings, (), _PROD, StackSettings.model_validate_json(json.dumps(_PROD))))


def model_in(annotation: Any) -> type[Settings] | None:
    """Return the settings model that a field holds, if it holds one."""
    found = [part for part in (annotation, *get_args(annotation)) if isinstance(part, type)]
    return next((part for part in found if issubclass(part, Settings)), None)


def _settings(model: type[Settings], above: Path, given: Mapping[str, Any], read: Settings) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        key = field.alias or name
        path = (*above, key)
        nested = model_in(field.annotation)
        if nested and get_origin(field.annotation) is dict:
            entry, its = next(iter(getattr(read, name).items()))  # one stands for all
            yield from _settings(nested, (*path, entry), to_jsonable_python(its, by_alias=True), its)
        elif nested and get_origin(field.annotation) is not tuple and getattr(read, name) is None:
            continue  # a section that prod does without, and that makes it a standby
        elif nested and get_origin(field.annotation) is not tuple:
            yield from _settings(nested, path, given.get(key, {}), getattr(read, name))
        else:
            default = given[key] if key in given else to_jsonable_python(field.default, by_alias=True)
            few = _made_up(field.annotation, field.metadata)
            made = [default, *(field.examples or ())]
            made += _ends(few, lambda value, path=path: kind_of({path: value})) if _is_scale(few) else few
            bounds = _bounds(field.metadata)
            if bounds and parts_of(field.annotation)[0] is float:
                made += bounds  # no two fractions are next to each other
            elif bounds:
                made += _edges(default, *bounds, lambda value, path=path: kind_of({path: value}))
            unique = {json.dumps(value): value for value in to_jsonable_python(made, by_alias=True)}
            yield Setting(path, field, default, tuple(unique.values()))


def parts_of(annotation: Any) -> tuple[Any, Sequence[Any]]:
    """Return a type less what annotates it, and what does."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        bare, more = parts_of(inner)
        return bare, [*more, *metadata]
    return annotation, []


def sizes(metadata: Iterable[Any], most: int) -> range:
    """Return how many entries a list may have, up to ``most``."""
    least = next((item.min_length for item in metadata if isinstance(item, MinLen)), 0)
    return range(least, next((item.max_length for item in metadata if isinstance(item, MaxLen)), most) + 1)


def _made_up(annotation: Any, metadata: Sequence[Any]) -> list[Any]:
    """Return all values of a type that has few."""
    bare, more = parts_of(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    if bare is bool:
        return [True, False]
    if origin is Literal:
        return list(arguments)
    if origin in (Union, UnionType):
        return [None, *(value for part in arguments for value in _made_up(part, []))]
    if origin is tuple:
        entries = _made_up(arguments[0], [])
        lengths = sizes([*metadata, *more], len(entries)) if entries else ()
        return [list(chosen) for length in lengths for chosen in combinations(entries, length)]
    return []


def _is_scale(values: Sequence[Any]) -> bool:
    """Whether values are numbers in order, of which those at a bound tell as much as all."""
    return all(type(value) is int for value in values) and list(values) == sorted(values) and len(values) > 4


def _ends(values: Sequence[int], kind: Callable[[int], Kind]) -> list[int]:
    """Return the first and last numbers of a scale, and the two sides of each bound within that tells kinds apart."""
    kinds = [kind(value) for value in values]
    turns = {side for index in range(1, len(values)) if kinds[index] != kinds[index - 1] for side in (index - 1, index)}
    return [values[index] for index in sorted({0, len(values) - 1, *turns})]


def _bounds(metadata: Iterable[Any]) -> tuple[int, int] | None:
    found: dict[type, Any] = {type(item): item for item in metadata}
    return (found[Ge].ge, found[Le].le) if Ge in found and Le in found else None


def _edges(default: int, least: int, most: int, kind: Callable[[int], Kind]) -> list[int]:
    """Return the bounds of a number, and the two sides of each bound within that tells kinds apart."""
    found = [least, most]
    for end in (least, most):
        near = default
        while kind(near) != kind(end):
            far = end
            while abs(far - near) > 1:
                middle = (near + far) // 2
                near, far = (middle, far) if kind(middle) == kind(near) else (near, middle)
            found += [near, far]
            near = far
    return found


def drawn(seed: int, *kinds: Kind) -> Changes:
    """Return legal changes to some of all settings, each with a value that alone is of one of ``kinds``."""
    random = Random(seed)  # noqa: S311 no secret
    changes: dict[Path, Any] = {}
    for setting in random.sample(all_settings(), k=random.randint(1, len(all_settings()))):
        values = [value for kind in kinds for value in setting.of_kind(kind)]
        if values and parsed(tried := {**changes, setting.path: random.choice(values)}):
            changes = tried
    return changes


_AREAS = {"database": "network", "security": "network", "compute": "api"}
"""Sections of settings, by another that decides with them what is declared."""


def apart(changes: Iterable[Changes], telling: Callable[[str], set[str]]) -> list[Changes]:
    """Lay breaking changes together, as many as can be told apart by what is ``telling`` of the clauses they break.

    Those of one area stay apart, since one may leave another nothing to break: who reaches a database that has no proxy
    reaches no proxy.
    """
    rows: list[tuple[dict[Path, Any], set[str]]] = []
    for change in changes:
        settings = parsed(change)
        assert settings is not None
        clauses = {marker.clause for marker in broken_markers(settings)}
        told = {_AREAS.get(section, section) for section, *_ in change}.union(*map(telling, clauses))
        for index, (row, taken) in enumerate(rows):
            both = parsed(row | dict(change))
            if both is not None and not row.keys() & change.keys() and not told & taken:
                rows[index] = row | dict(change), taken | told
                break
        else:
            rows.append((dict(change), told))
    return [row for row, _ in rows]


def pairwise() -> tuple[list[Changes], int]:
    """Return stacks that keep the decision, and how many pairs of values the settings refuse.

    Any two keeping values of two settings stand together in one of the stacks, unless the settings refuse that. Stacks
    are filled greedily, since what the settings refuse is only known of whole stacks.
    """
    keeping = {setting.path: setting.of_kind("keeps") for setting in all_settings()}
    by_size = sorted(keeping, key=lambda path: -len(keeping[path]))
    choices = {path: [(path, index) for index in range(len(keeping[path]))] for path in by_size}
    partners: dict[_Choice, set[_Choice]] = {
        choice: {other for theirs in by_size if theirs != path for other in choices[theirs]}
        for path in by_size
        for choice in choices[path]
    }
    stacks: list[Changes] = []
    refused = 0
    for seed in (choice for path in by_size for choice in choices[path]):
        for other in sorted(partners[seed], key=lambda choice: (by_size.index(choice[0]), choice[1])):
            if other not in partners[seed]:
                continue  # an earlier stack has both
            row = [seed, other]
            if not _stand(row, keeping):
                refused += 1
                _part(partners, row)
                continue
            for path in by_size:
                if path not in (seed[0], other[0]):
                    best = sorted(choices[path], key=lambda choice: -len(partners[choice].intersection(row)))
                    # Prod's own value, the first, is what the stack already has.
                    row.append(next(choice for choice in best if choice[1] == 0 or _stand([*row, choice], keeping)))
            _part(partners, row)
            stacks.append({path: keeping[path][index] for path, index in row})
    return stacks, refused


_Choice = tuple[Path, int]


def _stand(row: Iterable[_Choice], values: Mapping[Path, Sequence[Any]]) -> bool:
    return parsed({path: values[path][index] for path, index in row}) is not None


def _part(partners: Mapping[_Choice, set[_Choice]], row: Iterable[_Choice]) -> None:
    """Take note that these values have stood together, or can't."""
    for choice in row:
        partners[choice].difference_update(row)
