"""What a run of all mutants proves, and what it fails to."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tests.mutation.mutant import Mutant
from tests.mutation.reasons import Reasons, Survivor
from tests.mutation.recorded_mutants import bare

MOST_SURVIVORS = 0.02
"""Share of the breaking mutants that may survive, each with a reason."""


@dataclass(frozen=True)
class Verdict:
    """The kill matrix, read against the reasons."""

    mutants: Sequence[Mutant]
    killers: Mapping[str, frozenset[str]]
    """The guardrails that refuse each mutant, by its id."""
    guardrails: Sequence[str]
    reasons: Reasons

    @cached_property
    def breaking(self) -> list[Mutant]:
        """Mutants that must be refused."""
        return [mutant for mutant in self.mutants if not mutant.harmless]

    @cached_property
    def survivors(self) -> list[tuple[Mutant, Survivor | None]]:
        """Breaking mutants that nothing refuses, each with its reason if it has one."""
        return [
            (mutant, next((reason for reason in self.reasons.survivors if reason.covers(bare(mutant.id))), None))
            for mutant in self.breaking
            if not self.killers[mutant.id]
        ]

    @cached_property
    def alone(self) -> dict[str, list[str]]:
        """The mutants that one guardrail refuses and no other, by guardrail."""
        found: dict[str, list[str]] = {guardrail: [] for guardrail in self.guardrails}
        for mutant in self.breaking:
            if len(self.killers[mutant.id]) == 1:
                found[next(iter(self.killers[mutant.id]))].append(mutant.id)
        return found

    @cached_property
    def kills(self) -> Counter[str]:
        """How many mutants each guardrail refuses."""
        return Counter(guardrail for mutant in self.breaking for guardrail in self.killers[mutant.id])

    def problems(self) -> Iterator[str]:
        """Yield a line for everything that is not as it has to be."""
        yield from self._of_mutants()
        yield from self._of_guardrails()
        yield from self._of_reasons()

    def _of_mutants(self) -> Iterator[str]:
        for mutant, reason in self.survivors:
            if reason is None:
                clauses = f" [{', '.join(mutant.clauses)}]" if mutant.clauses else ""
                yield f"survives: {mutant.id}{clauses}"
        for mutant in self.mutants:
            if mutant.harmless and self.killers[mutant.id]:
                yield f"refused though harmless: {mutant.id}, by {', '.join(sorted(self.killers[mutant.id]))}"
        if len(self.survivors) > MOST_SURVIVORS * len(self.breaking):
            yield f"too many survive: {len(self.survivors)} of {len(self.breaking)}, more than {MOST_SURVIVORS:.0%}"

    def _of_guardrails(self) -> Iterator[str]:
        twins = {entry.guardrail: entry.twins for entry in self.reasons.twins}
        for guardrail in self.guardrails:
            if not self.kills[guardrail]:
                yield f"refuses no mutant: {guardrail}; add what it guards against to the clause table"
            elif not self.alone[guardrail] and guardrail not in twins:
                others = self._always_with(guardrail)
                hint = f"; always with {', '.join(sorted(others))}" if others else ""
                yield f"never alone, and names no twin: {guardrail}{hint}"
            elif self.alone[guardrail] and guardrail in twins:
                yield f"names a twin and needs none: {guardrail}"
            elif guardrail in twins and (missed := self._missed(guardrail, twins[guardrail])):
                named = " and ".join(twins[guardrail])
                yield f"names {named} as its twins, which let through what {guardrail} refuses: {missed}"

    def _always_with(self, guardrail: str) -> Collection[str]:
        """Return the guardrails that refuse every mutant that ``guardrail`` does."""
        together = [self.killers[mutant.id] for mutant in self.breaking if guardrail in self.killers[mutant.id]]
        return frozenset.intersection(*together) - {guardrail} if together else frozenset()

    def _missed(self, guardrail: str, twins: Sequence[str]) -> str | None:
        """Return a mutant that a guardrail refuses and its twins let through, if there is one."""
        return next(
            (
                mutant.id
                for mutant in self.breaking
                if guardrail in self.killers[mutant.id] and not self.killers[mutant.id] & {*twins}
            ),
            None,
        )

    def _of_reasons(self) -> Iterator[str]:
        used = {reason.mutants for _, reason in self.survivors if reason}
        for reason in self.reasons.survivors:
            if reason.mutants not in used:
                yield f"a reason for nothing: {reason.mutants}"
        for entry in self.reasons.twins:
            if entry.guardrail not in self.guardrails:
                yield f"a twin of nothing: {entry.guardrail}"

    def without(self, guardrail: str) -> "Verdict":
        """Return the verdict on a pack in which one guardrail always passes."""
        return Verdict(
            self.mutants,
            {mutant: found - {guardrail} for mutant, found in self.killers.items()},
            [other for other in self.guardrails if other != guardrail],
            self.reasons,
        )
