"""What a preview costs: the floor of its imports, and each further resource above it.

``make bench`` declares synthetic stacks of growing size, each resource joined to others as the layers' are, and
previews them with the real pack. The medians of several runs are printed as ratios too, which hold when the machine's
speed drifts: a flat cost has the same milliseconds a resource at every size.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_UNIT = 4  # resources that one turn of the synthetic program's loop declares

_PROGRAM = """
import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1", allowed_account_ids=["111122223333"])
on_aws = pulumi.ResourceOptions(provider=provider)
key = aws.kms.Key("key", enable_key_rotation=True, opts=on_aws)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, opts=on_aws)
for number in range({units}):
    group = aws.ec2.SecurityGroup(f"group-{{number}}", vpc_id=vpc.id, description="Synthetic", opts=on_aws)
    aws.vpc.SecurityGroupIngressRule(
        f"rule-{{number}}", security_group_id=group.id, referenced_security_group_id=group.id, description="To itself",
        ip_protocol="tcp", from_port=8443, to_port=8443, opts=on_aws,
    )
    log = aws.cloudwatch.LogGroup(
        f"log-{{number}}", name=f"/synthetic/{{number}}", retention_in_days=90, kms_key_id=key.arn, opts=on_aws
    )
    aws.cloudwatch.LogStream(f"stream-{{number}}", log_group_name=log.name, opts=on_aws)
"""
_STACK = """
config:
  aws:region: us-east-1
  pulumi:disable-default-providers: [aws]
"""


def _measure(folder: Path) -> dict[str, float]:
    """Preview the synthetic stack in ``folder`` once, in this process."""
    started = time.perf_counter()
    import pulumi_aws  # noqa: PLC0415 the floor is what importing costs

    from preview.pack import running_pack  # noqa: PLC0415
    from preview.policy_config import reconcile  # noqa: PLC0415
    from preview.program import run_program  # noqa: PLC0415
    from preview.stack_file import load_stack  # noqa: PLC0415

    for module in ("cloudwatch", "ec2", "kms", "vpc"):
        getattr(pulumi_aws, module).__name__  # noqa: B018 modules load when they are first asked for
    gc.set_threshold(100_000, 50, 50)  # as the preview does
    imported = time.perf_counter()
    with running_pack(_ROOT / "policies") as pack:
        request, _ = reconcile(pack.info, {}, "")
        ready = time.perf_counter()
        stack = load_stack(folder, "synthetic")
        topology = run_program(stack, {})
        declared = time.perf_counter()
        pack.judge(stack, topology, request)
        judged = time.perf_counter()
    return {
        "resources": len(topology.resources),
        "imports": imported - started,
        "program": declared - ready,
        "pack": judged - declared,
    }


def _runs(size: int, runs: int) -> dict[str, float]:
    """Return the medians of several runs, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Pulumi.yaml").write_text("name: synthetic\nruntime: python\n", encoding="utf-8")
        (folder / "Pulumi.synthetic.yaml").write_text(_STACK, encoding="utf-8")
        (folder / "__main__.py").write_text(_PROGRAM.format(units=size // _UNIT), encoding="utf-8")
        found = [
            json.loads(
                subprocess.run(  # noqa: S603 this module
                    [sys.executable, "-m", "tools.bench", "--measure", name],
                    cwd=_ROOT,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for _ in range(runs)
        ]
    return {key: statistics.median(run[key] for run in found) for key in found[0]}


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000, 5000], help="resources of the stacks")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, of which the median counts")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.measure:
        json.dump(_measure(arguments.measure), sys.stdout)
        return 0
    smallest = _runs(_UNIT, arguments.runs)
    _print(f"floor: imports {smallest['imports']:.2f} s; an empty stack above it {_above(smallest):.2f} s")
    _print(f"{'resources':>9}  {'program':>13}  {'pack':>13}  {'together':>13}  ratio to the first size")
    first = 0.0
    for size in arguments.sizes:
        found = _runs(size, arguments.runs)
        more = found["resources"] - smallest["resources"]
        program, pack = ((found[key] - smallest[key]) * 1000 / more for key in ("program", "pack"))
        first = first or program + pack
        _print(
            f"{found['resources']:>9.0f}  {program:>6.2f} ms each  {pack:>6.2f} ms each  {program + pack:>6.2f} ms each"
            f"  {(program + pack) / first:.2f}"
        )
    return 0


def _above(run: dict[str, float]) -> float:
    return run["program"] + run["pack"]


if __name__ == "__main__":
    sys.exit(main())
