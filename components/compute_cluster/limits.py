"""Limits that only the whole stack can tell: of names, which carry the environment, and of counts by zone. Pure."""

from collections.abc import Iterator

from components.compute_cluster.settings import ComputeSettings
from components.naming import Naming
from components.routes import TARGET_GROUP_NAME_LENGTH, target_group_name
from components.settings_base import Conflict

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_ROLE_NAME_LENGTH = 64


def execution_role_name(naming: Naming, task: str) -> str:
    """Return what the role is called with which ECS starts tasks of ``task``: the longest name made from it."""
    return naming.global_name(task, "execution")


def name_conflicts(settings: ComputeSettings, naming: Naming) -> Iterator[Conflict]:
    """Yield names of services and workers that AWS would refuse once prefix and suffix are added."""
    in_group = TARGET_GROUP_NAME_LENGTH - len(target_group_name(naming.environment, "", "green"))
    in_role = _ROLE_NAME_LENGTH - len(execution_role_name(naming, ""))
    longest = {"services": (settings.services, min(in_group, in_role)), "workers": (settings.workers, in_role)}
    for place, (names, most) in longest.items():
        for name in names:
            if len(name) > most:
                yield Conflict(
                    (place, name),
                    name,
                    f"a name of up to {most} characters, as target groups have {TARGET_GROUP_NAME_LENGTH} with "
                    f"environment and color, and roles {_ROLE_NAME_LENGTH} with environment and region",
                )


def size_conflicts(settings: ComputeSettings, zones: int) -> Iterator[Conflict]:
    """Yield services whose maximum is not above a minimum, which is given for each of ``zones``."""
    for name, service in settings.services.items():
        path = ("services", name)
        floor = service.min_per_az * zones
        if service.max_tasks <= floor:
            allowed = f"more than {floor}, as minPerAz is {service.min_per_az} in {zones} zones"
            yield Conflict((*path, "maxTasks"), service.max_tasks, allowed)
            continue
        for index, schedule in enumerate(service.scaling.schedules):
            if schedule.min_per_az * zones >= service.max_tasks:
                yield Conflict(
                    (*path, "scaling", "schedules", str(index), "minPerAz"),
                    schedule.min_per_az,
                    f"up to {(service.max_tasks - 1) // zones}, as maxTasks is {service.max_tasks} in {zones} zones",
                )
