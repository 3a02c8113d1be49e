"""What can only be broken together: compute cluster."""

from tests.mutation.part import Composite, Part

COMPUTE_BREAKAGES = (
    Composite("two services of one name", (Part(name="compute-ai-service", same={"name": "compute-auth-service"}),)),
    Composite("more tasks than the quota", (Part(name="compute-auth-scaling-target", values={"maxCapacity": 2000}),)),
)
