"""The mutants of the recorded stacks, the same in every process: of prod, and of its standby where that differs."""

import gc
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from google.protobuf import json_format

from guardrails import ALL_GUARDRAILS
from preview.topology import Resource, Topology
from tests.mutation.attack import Attack
from tests.mutation.mutant import Mutant
from tests.mutation.mutants import mutants
from tests.support.recording import ROOT, recorded
from tools.clauses import load_clauses, standing
from tools.generate_docs import guarded

STACK, STANDBY = "prod", "prod-standby"
_MARK = f"{STANDBY}: "
_REGIONS = ("us-east-1", "us-west-2")


def stack_of(mutant: str) -> str:
    """Return the stack that a mutant is of, by its id."""
    return STANDBY if mutant.startswith(_MARK) else STACK


def bare(mutant: str) -> str:
    """Return the id of a mutant without its stack."""
    return mutant.removeprefix(_MARK)


@cache
def config_of(stack: str) -> Mapping[str, Any]:
    """Return the policy config that a stack is judged by."""
    file = ROOT / "policies" / "config" / f"{stack}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def recorded_mutants() -> dict[str, Mutant]:
    """Return every mutant by its id. Clauses that nothing keeps yet make none."""
    kept = [clause for clause in load_clauses() if standing(clause, guarded()) == "kept"]
    of_prod = {mutant.id: mutant for mutant in mutants(recorded(STACK), kept)}
    own = _of_its_own(recorded(STANDBY), recorded(STACK))
    of_standby = [
        mutant._replace(id=_MARK + mutant.id)
        for mutant in mutants(recorded(STANDBY), kept)
        if mutant.subject in own or mutant.family == "together"
    ]
    return of_prod | {
        mutant.id: mutant for mutant in of_standby if mutant.family != "together" or _new(mutant, of_prod)
    }


def _new(mutant: Mutant, of_prod: Mapping[str, Mutant]) -> bool:
    return bare(mutant.id) not in of_prod


def _of_its_own(standby: Topology, prod: Topology) -> set[str]:
    """Return the URNs of what prod doesn't have, or has otherwise than by its region."""
    there = {(one.type, one.name): _regardless(one) for one in prod.resources.values()}
    return {urn for urn, one in standby.resources.items() if there.get((one.type, one.name)) != _regardless(one)}


def _regardless(resource: Resource) -> str:
    """Return the inputs of a resource, whichever of the two regions it is in."""
    text = json.dumps(json_format.MessageToDict(resource.inputs), sort_keys=True)
    for region in _REGIONS:
        text = text.replace(region, "region")
    return text


def changed(mutant: str) -> Topology:
    """Return the stack that a mutant makes of the recorded one."""
    return recorded_mutants()[mutant].change(recorded(stack_of(mutant)))


@cache
def attack(stack: str = STACK) -> Attack:
    """Return the whole pack, ready to be attacked."""
    ready = Attack(recorded(stack), ALL_GUARDRAILS, config_of(stack))
    gc.freeze()  # what is here stays to the end: collecting the litter of each mutant need not walk through it
    return ready


def killers(ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the guardrails that refuse each of some mutants."""
    return {id_: attack(stack_of(id_)).killers(changed(id_)) for id_ in ids}
