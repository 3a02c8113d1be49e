"""The second region: keys, a vault and an archive of logs there, for what other layers copy to it."""

from components.second_region.layer import SecondRegion, SecondRegionArgs, far_side
from components.second_region.settings import StandbySettings

__all__ = ["SecondRegion", "SecondRegionArgs", "StandbySettings", "far_side"]
