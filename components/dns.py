"""The platform's domain: ``fitness-platform:dns``. Every name that clients or the edge call is below it."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from components.settings_base import Conflict, Form, Settings

_LONGEST = 53  # a certificate's name has 64 characters at most, eleven of them here for "api-origin."
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


class DnsSettings(Settings):
    """Where names of the platform live. A preview makes no look-up, so the zone is given by its id."""

    domain: Annotated[
        str,
        Form(rf"^({_LABEL}\.)+[a-z]{{2,63}}$", "a domain in lower case without a dot at its end, such as fit.example"),
    ] = Field(
        examples=["fit.example"], description="Domain of the stack. Names such as origin.<domain> are made below it."
    )
    hosted_zone_id: Annotated[
        str,
        Form(r"^Z[A-Z0-9]{1,31}$", "the id of a hosted zone: Z, then capital letters and digits"),
    ] = Field(
        examples=["Z2FDTNDATAQYW2"], description="Id of the public Route 53 hosted zone that answers for the domain."
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a domain that AWS would issue no certificate for."""
        if len(self.domain) > _LONGEST:
            yield Conflict(("domain",), self.domain, f"a domain of up to {_LONGEST} characters")
