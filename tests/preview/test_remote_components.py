import json
import textwrap
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from preview.pack import stack_resource
from preview.topology import Topology, plain
from tests.preview.projects import URN, failure, project, run
from tests.support.editing import UNKNOWN, urn_of

_COMPONENT = f"{URN}::awsx:ecr:Repository::Images"
_REPOSITORY = f"{URN}::awsx:ecr:Repository$aws:ecr/repository:Repository::images"
_POLICY = f"{URN}::awsx:ecr:Repository$aws:ecr/lifecyclePolicy:LifecyclePolicy::images"
_VERSION = version("pulumi-awsx")
_PLUGIN = f"{URN}::pulumi:providers:awsx::default_{_VERSION.replace('.', '_')}"
_AWS = f"{URN}::pulumi:providers:aws::aws"
_BEGIN = """
import pulumi_awsx as awsx
aws = Provider("aws")
key = Thing("key", opts=pulumi.ResourceOptions(provider=aws))
at = pulumi.ResourceOptions(providers=[aws])
"""


def _program(arguments: str, then: str = "") -> str:
    return f'{_BEGIN}\nimages = awsx.ecr.Repository("Images", {arguments}, opts=at)\n{textwrap.dedent(then)}'


def _run(tmp_path: Path, arguments: str, then: str = "") -> Topology:
    return run(project(tmp_path, _program(arguments, then), "config: {pulumi:disable-default-providers: [aws]}"))


def _rule(priority: int, selection: dict[str, Any], **described: str) -> dict[str, Any]:
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}, **described}


def test_a_repository_is_what_the_plugin_registers(tmp_path: Path) -> None:
    topology = _run(
        tmp_path,
        'name="p/images", image_tag_mutability="IMMUTABLE", tags={"open": "o", "secret": pulumi.Output.secret("s")}, '
        'encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.id}]',
    )
    assert sorted(set(topology.resources) - {urn_of(topology, "key"), urn_of(topology, "p-x"), _AWS}) == sorted(
        [_COMPONENT, _REPOSITORY, _POLICY, _PLUGIN]
    )
    component, repository, policy, plugin = (
        topology.resources[urn] for urn in (_COMPONENT, _REPOSITORY, _POLICY, _PLUGIN)
    )
    key = urn_of(topology, "key")

    assert (component.custom, component.provider, component.parent) == (False, "", urn_of(topology, "p-x"))
    assert plain(component.inputs) == {}
    assert component.dependencies == (key,)
    assert component.property_dependencies == {}
    assert plain(component.outputs) == {"repository": UNKNOWN, "lifecyclePolicy": UNKNOWN}

    assert (repository.custom, repository.provider, repository.parent) == (True, _AWS, _COMPONENT)
    assert plain(repository.inputs) == {
        "name": "p/images",
        "imageTagMutability": "IMMUTABLE",
        "tags": {"open": "o", "secret": "[secret]"},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": UNKNOWN}],
    }
    assert repository.dependencies == (key,)
    assert repository.property_dependencies == {"encryptionConfigurations": (key,)}

    assert (policy.custom, policy.provider, policy.parent) == (True, _AWS, _COMPONENT)
    assert sorted(plain(policy.inputs)) == ["policy", "repository"]
    assert plain(policy.inputs)["repository"] == "p/images"
    assert policy.dependencies == (_REPOSITORY,)
    assert policy.property_dependencies == {"repository": (_REPOSITORY,)}

    assert (plugin.custom, plugin.provider, plugin.parent) == (True, "", "")
    assert plain(plugin.inputs) == {"version": _VERSION}


def test_what_is_not_given_is_absent_or_unknown(tmp_path: Path) -> None:
    topology = _run(tmp_path, "force_delete=key.id.apply(bool)")
    assert plain(topology.resources[_REPOSITORY].inputs) == {"forceDelete": UNKNOWN}
    assert plain(topology.resources[_POLICY].inputs)["repository"] == UNKNOWN


def test_the_lifecycle_policy_is_in_the_region_of_the_repository(tmp_path: Path) -> None:
    topology = _run(tmp_path, 'name="n", region=pulumi.Output.concat("eu-", "west-1")')
    assert plain(topology.resources[_REPOSITORY].inputs)["region"] == "eu-west-1"
    assert plain(topology.resources[_POLICY].inputs)["region"] == "eu-west-1"


_UNTAGGED = {"tagStatus": "untagged"}
DOCUMENTS = {
    "by default": (
        "name='n'",
        [
            _rule(
                1,
                {**_UNTAGGED, "countType": "imageCountMoreThan", "countNumber": 1},
                description="remove untagged images",
            )
        ],
    ),
    "none": ("lifecycle_policy={'rules': []}", []),
    "of an age": (
        "lifecycle_policy={'rules': [{'tag_status': 'untagged', 'maximum_age_limit': 14, 'description': 'd'}]}",
        [
            _rule(
                1,
                {**_UNTAGGED, "countType": "sinceImagePushed", "countNumber": 14, "countUnit": "days"},
                description="d",
            )
        ],
    ),
    "a number comes before an age": (
        "lifecycle_policy={'rules': [{'tag_status': 'any', 'maximum_age_limit': 9, 'maximum_number_of_images': 0}]}",
        [_rule(1, {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 0})],
    ),
    "any image comes last": (
        (
            "lifecycle_policy=awsx.ecr.LifecyclePolicyArgs(rules=["
            "awsx.ecr.LifecyclePolicyRuleArgs(tag_status=awsx.ecr.LifecycleTagStatus.ANY, maximum_number_of_images=9),"
            "awsx.ecr.LifecyclePolicyRuleArgs(tag_status='tagged', tag_prefix_list=['v'], maximum_number_of_images=5)])"
        ),
        [
            _rule(
                1,
                {
                    "tagStatus": "tagged",
                    "tagPrefixList": ["v"],
                    "countType": "imageCountMoreThan",
                    "countNumber": 5,
                },
            ),
            _rule(2, {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9}),
        ],
    ),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_lifecycle_policies(tmp_path: Path, case: str) -> None:
    arguments, rules = DOCUMENTS[case]
    policy = plain(_run(tmp_path, arguments).resources[_POLICY].inputs)["policy"]
    assert policy == json.dumps({"rules": rules}, separators=(",", ":"), sort_keys=True)


def test_rules_that_are_not_known_make_an_unknown_policy(tmp_path: Path) -> None:
    topology = _run(
        tmp_path,
        "lifecycle_policy={'rules': [{'tag_status': 'any', 'maximum_number_of_images': key.id.apply(len)}]}",
    )
    policy = topology.resources[_POLICY]
    assert plain(policy.inputs)["policy"] == UNKNOWN
    assert policy.property_dependencies == {"repository": (_REPOSITORY,), "policy": (urn_of(topology, "key"),)}


def test_a_lifecycle_policy_may_be_skipped(tmp_path: Path) -> None:
    topology = _run(tmp_path, "lifecycle_policy={'skip': True}", "pulumi.export('policy', images.lifecycle_policy)")
    assert _POLICY not in topology.resources
    assert plain(topology.resources[_COMPONENT].outputs) == {"repository": UNKNOWN}


def test_what_refers_to_outputs_refers_to_the_children(tmp_path: Path) -> None:
    topology = _run(
        tmp_path,
        "name='p/images'",
        """
        Thing(
            "user",
            {
                "url": images.url,
                "name": images.repository.name,
                "arn": images.repository.arn,
                "policy": images.lifecycle_policy.policy,
            },
            pulumi.ResourceOptions(provider=aws, depends_on=[images]),
        )
        """,
    )
    user = topology.resources[urn_of(topology, "user")]
    inputs = plain(user.inputs)
    assert (inputs["url"], inputs["name"], inputs["arn"]) == (UNKNOWN, "p/images", UNKNOWN)
    assert inputs["policy"] == plain(topology.resources[_POLICY].inputs)["policy"]
    assert user.property_dependencies == {
        "url": (_REPOSITORY, _COMPONENT),
        "name": (_REPOSITORY, _COMPONENT),
        "arn": (_REPOSITORY, _COMPONENT),
        "policy": (_POLICY, _COMPONENT),
    }
    assert user.dependencies == (_POLICY, _REPOSITORY, _COMPONENT)


def test_options_reach_the_children_as_those_of_a_parent_do(tmp_path: Path) -> None:
    topology = run(
        project(
            tmp_path,
            f"""
            {textwrap.indent(_BEGIN, " " * 12).strip()}
            outer = Box("outer", pulumi.ResourceOptions(providers=[aws], protect=True))
            awsx.ecr.Repository("Images", opts=pulumi.ResourceOptions(parent=outer, retain_on_delete=True))
            """,
        )
    )
    below = [resource for resource in topology.resources.values() if "awsx:ecr:Repository" in resource.urn]
    assert len(below) == 3
    assert all(resource.options == {"protect": True, "retainOnDelete": True} for resource in below)
    assert {resource.urn.split("::")[2].split("$")[0] for resource in below} == {"p:layer:Box"}


def test_policies_see_children_under_the_provider_of_the_stack(tmp_path: Path) -> None:
    topology = _run(tmp_path, "name='n'")
    sent = stack_resource(topology.resources[_REPOSITORY], topology.resources)
    assert (sent.parent, sent.provider.urn) == (_COMPONENT, _AWS)


def test_one_plugin_serves_many_components(tmp_path: Path) -> None:
    topology = _run(tmp_path, "name='n'", 'awsx.ecr.Repository("Other", opts=at)')
    assert [urn for urn in topology.resources if ":providers:awsx" in urn] == [_PLUGIN]
    assert urn_of(topology, "Other") != _COMPONENT


def test_a_provider_of_the_package_takes_the_place_of_the_default_one(tmp_path: Path) -> None:
    topology = run(
        project(
            tmp_path,
            _BEGIN
            + 'own = pulumi.ResourceOptions(providers=[aws, awsx.Provider("own")])\n'
            + 'awsx.ecr.Repository("Images", opts=own)',
            "config: {pulumi:disable-default-providers: ['*']}",
        )
    )
    assert _PLUGIN not in topology.resources
    assert topology.resources[_COMPONENT].provider == ""


REFUSED = {
    "no AWS provider": (
        "opts=None",
        "[aws]",
        f"Default provider for 'aws' disabled. '{_REPOSITORY}' must use an explicit provider.",
    ),
    "no provider for the plugin": (
        "opts=at",
        "['*']",
        f"Default provider for 'awsx' disabled. '{_COMPONENT}' must use an explicit provider.",
    ),
    "two rules for any image": (
        "opts=at, lifecycle_policy={'rules': [{'tag_status': 'any', 'maximum_age_limit': 1}] * 2}",
        "[aws]",
        f"{_COMPONENT}: lifecyclePolicy.rules: found 2 rules for any image; allowed: one",
    ),
    "a rule without a limit": (
        "opts=at, lifecycle_policy={'rules': [{'tag_status': 'any'}]}",
        "[aws]",
        f"{_COMPONENT}: lifecyclePolicy.rules: found no limit; allowed: a number of images or an age",
    ),
    "tagged images without a prefix": (
        "opts=at, lifecycle_policy={'rules': [{'tag_status': 'tagged', 'maximum_age_limit': 1}]}",
        "[aws]",
        f"{_COMPONENT}: lifecyclePolicy.rules: found tagged images without a prefix; allowed: one or more",
    ),
    "a lifecycle policy that is an output": (
        "opts=at, lifecycle_policy=key.id.apply(lambda id: {'skip': True})",
        "[aws]",
        f"{_COMPONENT}: lifecyclePolicy: found a value that isn't known; allowed: plain arguments",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_engine_or_the_plugin_refuses(tmp_path: Path, case: str) -> None:
    arguments, disabled, message = REFUSED[case]
    program = f'{_BEGIN}\nawsx.ecr.Repository("Images", {arguments})'
    assert failure(project(tmp_path, program, f"config: {{pulumi:disable-default-providers: {disabled}}}")) == message


@pytest.mark.parametrize("type_", ["awsx:ec2:Vpc", "awsx:ecr:Image", "eks:index:Cluster"])
def test_other_components_are_refused_by_name(tmp_path: Path, type_: str) -> None:
    program = f'pulumi.ComponentResource("{type_}", "a", {{}}, None, remote=True)'
    package = type_.split(":", maxsplit=1)[0]
    assert failure(project(tmp_path, program)) == (
        f"{URN}::{type_}::a: components of {package} can't be previewed offline"
    )


def test_a_reference_to_what_the_stack_does_not_hold(tmp_path: Path) -> None:
    program = (
        f"{_BEGIN}\nimport pulumi_aws\npulumi_aws.ecr.Repository('r', opts=pulumi.ResourceOptions(urn='{_COMPONENT}'))"
    )
    assert failure(project(tmp_path, program)) == f"{_COMPONENT}: not a resource of this stack"
