"""Clauses db-storage-gp3 and db-max-storage-5tb: storage of one kind, which grows by itself."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, is_replica
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail
from guardrails.reading import Properties

_PROVISIONED = ("iops", "storageThroughput")
_PROVISIONED_FROM_GIB = 400  # below it AWS refuses to provision gp3 for PostgreSQL
_LEAST_LIMIT_GIB, _MOST_LIMIT_GIB = 5000, 5120  # 5 TB, by either way of counting
_HEADROOM = 1.26  # AWS wants the limit at least 26 % above the allocation


def _gp3(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (kind := properties.text("storageType")) != "gp3":
        yield f"storageType is {kind or 'not given'}, not gp3"


def _provisioned(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    given = [key for key in _PROVISIONED if properties.given(key)]
    if given and (size := properties.number("allocatedStorage") or 0) < _PROVISIONED_FROM_GIB:
        yield f"{' and '.join(given)} given for {size:g} GiB, which AWS refuses below {_PROVISIONED_FROM_GIB}"


def _limit(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumMaxGib")
    limit = properties.number("maxAllocatedStorage")
    if not limit:
        yield "maxAllocatedStorage is not given, so that storage does not grow by itself"
    elif not minimum <= limit <= _MOST_LIMIT_GIB:
        yield f"storage grows to {limit:g} GiB, not {minimum:g} to {_MOST_LIMIT_GIB}"


def _headroom(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    size = properties.number("allocatedStorage")
    if size is None:
        if not is_replica(properties):  # a replica has the storage of what it copies
            yield "allocatedStorage is not given, so that it can't be told how far storage grows"
        return
    limit = properties.number("maxAllocatedStorage")
    if limit and limit < size * _HEADROOM:
        yield f"storage of {size:g} GiB grows to {limit:g} GiB, less than 26 % more, which AWS may refuse"


STORAGE_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="database-storage-gp3",
        title="Storage of databases is gp3",
        clauses=("db-storage-gp3",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_gp3,
        remediation="Set storageType to gp3.",
    ),
    ResourceGuardrail(
        id="database-storage-provisioned",
        title="Operations and throughput are provisioned for large storage only",
        clauses=("db-storage-gp3",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_provisioned,
        remediation="Leave iops and storageThroughput out, or allocate 400 GiB or more.",
    ),
    ResourceGuardrail(
        id="database-storage-limit",
        title="Storage grows by itself, to 5 TB",
        clauses=("db-max-storage-5tb",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_limit,
        options={
            "minimumMaxGib": Option(
                {"type": "integer", "minimum": 22, "maximum": _MOST_LIMIT_GIB},
                _LEAST_LIMIT_GIB,
                "GiB that storage must be able to grow to at least.",
            )
        },
        remediation="Leave database.maxAllocatedStorageGib out, or set it to 5000 to 5120.",
    ),
    ResourceGuardrail(
        id="database-storage-headroom",
        title="Storage can grow by a quarter at least",
        clauses=("db-max-storage-5tb",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_headroom,
        remediation="Lower database.allocatedStorageGib, or raise database.maxAllocatedStorageGib.",
    ),
)
