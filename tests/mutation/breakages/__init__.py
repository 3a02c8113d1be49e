"""Changes of several properties or resources at once, a module a layer."""

from tests.mutation.breakages.api_layer import API_BREAKAGES
from tests.mutation.breakages.async_layer import ASYNC_BREAKAGES
from tests.mutation.breakages.cache_layer import CACHE_BREAKAGES
from tests.mutation.breakages.compute_cluster import COMPUTE_BREAKAGES
from tests.mutation.breakages.database_layer import DATABASE_BREAKAGES
from tests.mutation.breakages.edge_layer import EDGE_BREAKAGES
from tests.mutation.breakages.media_pipeline import MEDIA_BREAKAGES
from tests.mutation.breakages.network_layer import NETWORK_BREAKAGES
from tests.mutation.breakages.observability_layer import OBSERVABILITY_BREAKAGES
from tests.mutation.breakages.program import PROGRAM_BREAKAGES
from tests.mutation.breakages.search_layer import SEARCH_BREAKAGES
from tests.mutation.breakages.second_region import SECOND_REGION_BREAKAGES
from tests.mutation.breakages.security_layer import SECURITY_BREAKAGES
from tests.mutation.part import Composite

ALL_BREAKAGES: tuple[Composite, ...] = (
    *API_BREAKAGES,
    *ASYNC_BREAKAGES,
    *CACHE_BREAKAGES,
    *COMPUTE_BREAKAGES,
    *DATABASE_BREAKAGES,
    *MEDIA_BREAKAGES,
    *EDGE_BREAKAGES,
    *NETWORK_BREAKAGES,
    *OBSERVABILITY_BREAKAGES,
    *PROGRAM_BREAKAGES,
    *SEARCH_BREAKAGES,
    *SECOND_REGION_BREAKAGES,
    *SECURITY_BREAKAGES,
)
