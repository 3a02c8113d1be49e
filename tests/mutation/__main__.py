"""Attack the policy pack: ``make mutate``.

Every mutant is judged in this process and its helpers; a sample is judged once more by the pack as the engine runs it,
and both must agree. The exit status is 0 where everything is proved, 1 otherwise.
"""

import argparse
import multiprocessing
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from guardrails import ALL_GUARDRAILS
from preview.pack import running_pack
from preview.policy_config import reconcile
from tests.mutation.page import PAGE, PROOFS, mutation_page, proofs
from tests.mutation.reasons import load_reasons
from tests.mutation.recorded_mutants import STACK, STANDBY, changed, config_of, killers, recorded_mutants, stack_of
from tests.mutation.verdict import Verdict
from tests.support.recording import ROOT, configured

_BATCH = 50
_SAMPLE = 0.02


def _matrix(ids: Sequence[str], progress: Progress) -> dict[str, frozenset[str]]:
    """Return which guardrails refuse each mutant, on all processors."""
    task = progress.add_task("Mutants, in process", total=len(ids))
    found: dict[str, frozenset[str]] = {}
    with ProcessPoolExecutor(cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for killed in pool.map(killers, _batches(ids)):
            found |= killed
            progress.advance(task, len(killed))
    return found


def _batches(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]


def _disagreements(matrix: Mapping[str, frozenset[str]], sample: Sequence[str], progress: Progress) -> Iterator[str]:
    """Yield a line for each mutant of the sample of which the pack as the engine runs it says something else."""
    task = progress.add_task("The pack's own process", total=len(sample))
    stacks = {stack: configured(stack) for stack in (STACK, STANDBY)}
    with running_pack(ROOT / "policies") as pack:
        configs = {stack: reconcile(pack.info, config_of(stack), stack)[0] for stack in stacks}
        for id_ in sorted(sample, key=stack_of):
            stack = stack_of(id_)
            judged = pack.judge(stacks[stack], changed(id_), configs[stack])
            found = frozenset(one.guardrail for one in judged if one.level == "mandatory")
            if found != matrix[id_]:
                yield f"the pack's own process disagrees on {id_}: {sorted(found)} against {sorted(matrix[id_])}"
            progress.advance(task)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Attack the policy pack.")
    parser.add_argument("--check", action="store_true", help="fail where what would be written is not what is there")
    parser.add_argument("--only", metavar="REGEX", default="", help="only mutants whose id has a match; proves nothing")
    parser.add_argument("--seed", type=int, default=2026, help="picks the sample that the pack's own process judges")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run all mutants and return the exit status."""
    arguments = _arguments(argv)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    ids = [id_ for id_ in recorded_mutants() if re.search(arguments.only, id_)]
    sample = random.Random(arguments.seed).sample(ids, round(len(ids) * _SAMPLE))  # noqa: S311 not for secrets
    with Progress(*columns, console=console) as progress:
        matrix = _matrix(ids, progress)
        problems = list(_disagreements(matrix, sample, progress))
    verdict = Verdict(
        [recorded_mutants()[id_] for id_ in ids], matrix, [guardrail.id for guardrail in ALL_GUARDRAILS], load_reasons()
    )
    problems += verdict.problems()
    if arguments.only and not problems:
        problems.append("these mutants alone prove nothing")
    for file, text in {PAGE: mutation_page(verdict), PROOFS: proofs(verdict)}.items():
        if problems:
            break
        if not arguments.check:
            file.write_text(text, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text:
            problems.append(f"{file.relative_to(ROOT)} is not up to date: run `make mutate` and commit it")
    for problem in problems:
        console.print(problem, markup=False, highlight=False, soft_wrap=True)
    print(_summary(verdict, len(sample), len(problems)))  # noqa: T201 what the command is for
    return 1 if problems else 0


def _summary(verdict: Verdict, sampled: int, problems: int) -> str:
    breaking, survivors = len(verdict.breaking), len(verdict.survivors)
    return (
        f"{breaking} breaking mutants, {breaking - survivors} refused, "
        f"{survivors} survive ({survivors / breaking:.1%}); {len(verdict.mutants) - breaking} harmless; "
        f"{sampled} judged by the pack's own process too; "
        f"{'proved' if not problems else f'{problems} problems'}"
    )


if __name__ == "__main__":
    sys.exit(main())
