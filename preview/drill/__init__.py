"""Drills: what is left of recorded stacks once a region or a zone is taken away. No cloud is asked."""

from preview.drill.run import Drill, run_drill

__all__ = ["Drill", "run_drill"]
