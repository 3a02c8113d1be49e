"""The function itself: what should be in the domain in, what had to be changed out."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from .domain import SearchDomain
from .objects import Wanted, applied

logger = Logger()


def handle(event: Mapping[str, Any], _context: object) -> dict[str, list[str]]:
    """Bring the domain to hold what ``event`` lists under ``wanted``, in order, and change nothing that it does hold.

    An update of the stack fails where anything of it does.
    """
    domain = SearchDomain(_url(), os.environ["AWS_REGION"], _owner())
    done: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": []}
    for wanted in [Wanted.read(item) for item in event["wanted"]]:
        outcome = applied(wanted, domain)
        logger.info("applied", extra={"object": wanted.label, "outcome": outcome})
        done[outcome].append(wanted.label)
    return done


@cache
def _url() -> str:
    """Return where the domain is, which a parameter tells since nobody knows it beforehand."""
    parameters = boto3.client("ssm", region_name=os.environ["AWS_REGION"])
    found = parameters.get_parameter(Name=os.environ["SEARCH_URL_PARAMETER"], WithDecryption=True)
    return found["Parameter"]["Value"]


def _owner() -> Any:
    """Return credentials of the role that owns what is in the domain."""
    region = os.environ["AWS_REGION"]
    tokens = boto3.client("sts", region_name=region, endpoint_url=f"https://sts.{region}.amazonaws.com")
    taken = tokens.assume_role(RoleArn=os.environ["OWNER_ROLE_ARN"], RoleSessionName="bootstrap", DurationSeconds=900)
    found = taken["Credentials"]
    session = boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    return session.get_credentials()
