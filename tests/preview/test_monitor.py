from pathlib import Path

import pytest
from google.protobuf import json_format

from preview.report import Report, as_json, as_text
from preview.topology import plain
from tests.preview.projects import URN, failure, project, run
from tests.support.editing import UNKNOWN, urn_of

_DENIED = "config: {pulumi:disable-default-providers: [aws]}"


def test_urns_hold_the_chain_of_parent_types(tmp_path: Path) -> None:
    topology = run(
        project(
            tmp_path,
            """
            aws = Provider("aws")
            at = pulumi.ResourceOptions(providers=[aws])
            outer = Box("outer", at)
            inner = Box("inner", pulumi.ResourceOptions(parent=outer), "p:layer:Inner")
            Thing("deep", opts=pulumi.ResourceOptions(parent=inner))
            Thing("flat", opts=pulumi.ResourceOptions(provider=aws))
            Thing("below", opts=pulumi.ResourceOptions(provider=aws, parent=outer))
            """,
        )
    )
    stack = f"{URN}::pulumi:pulumi:Stack::p-x"
    outer = f"{URN}::p:layer:Box::outer"
    inner = f"{URN}::p:layer:Box$p:layer:Inner::inner"
    assert {urn: resource.parent for urn, resource in topology.resources.items()} == {
        stack: "",
        outer: stack,
        inner: outer,
        f"{URN}::p:layer:Box$p:layer:Inner$aws:s3/bucket:Bucket::deep": inner,
        f"{URN}::aws:s3/bucket:Bucket::flat": stack,
        f"{URN}::p:layer:Box$aws:s3/bucket:Bucket::below": outer,
        f"{URN}::pulumi:providers:aws::aws": stack,
    }
    assert list(topology.resources) == sorted(topology.resources)
    assert {
        name: topology.resources[urn_of(topology, name)].provider for name in ("deep", "flat", "below")
    } == dict.fromkeys(("deep", "flat", "below"), f"{URN}::pulumi:providers:aws::aws")


def test_dependencies(tmp_path: Path) -> None:
    topology = run(
        project(
            tmp_path,
            """
            at = pulumi.ResourceOptions(provider=Provider("aws"))
            one, two, three = Thing("one", opts=at), Thing("two", opts=at), Thing("three", opts=at)
            Thing(
                "all",
                {"a": one.id, "b": [two.id, one.id], "c": pulumi.Output.concat(one.urn, "x"), "d": "plain"},
                pulumi.ResourceOptions.merge(at, pulumi.ResourceOptions(depends_on=[three])),
            )
            """,
        )
    )
    one, two, three = (urn_of(topology, name) for name in ("one", "two", "three"))
    resource = topology.resources[urn_of(topology, "all")]
    assert resource.dependencies == tuple(sorted((one, two, three)))
    assert resource.property_dependencies == {"a": (one,), "b": (one, two), "c": (one,)}
    assert plain(resource.inputs) == {"a": UNKNOWN, "b": [UNKNOWN, UNKNOWN], "c": f"{one}x", "d": "plain"}


def test_ids_and_computed_outputs_are_unknown_and_inputs_come_back(tmp_path: Path) -> None:
    topology = run(
        project(
            tmp_path,
            """
            class Bucket(pulumi.CustomResource):
                name: pulumi.Output[str]
                arn: pulumi.Output[str]
                def __init__(self, name, opts):
                    super().__init__("aws:s3/bucket:Bucket", name, {"name": "given", "arn": None}, opts)
            bucket = Bucket("b", pulumi.ResourceOptions(provider=Provider("aws")))
            pulumi.export("id", bucket.id)
            pulumi.export("arn", bucket.arn)
            pulumi.export("name", bucket.name.apply(str.upper))
            pulumi.export("never", bucket.arn.apply(lambda arn: 1 / 0))
            """,
        )
    )
    outputs = plain(topology.resources[urn_of(topology, "p-x")].outputs)
    assert outputs == {"id": UNKNOWN, "arn": UNKNOWN, "name": "GIVEN", "never": UNKNOWN}


def test_components_have_the_outputs_that_they_register(tmp_path: Path) -> None:
    program = """
    box = Box("box")
    box.register_outputs({"a": 1, "b": {"c": [True]}})
    Box("silent")
    """
    topology = run(project(tmp_path, program))
    assert plain(topology.resources[urn_of(topology, "box")].outputs) == {"a": 1, "b": {"c": [True]}}
    assert plain(topology.resources[urn_of(topology, "silent")].outputs) == {}


@pytest.mark.parametrize(
    ("options", "recorded"),
    [
        ("protect=True", {"protect": True}),
        ("protect=False", {}),
        ("ignore_changes=['b', 'a']", {"ignoreChanges": ["a", "b"]}),
        ("replace_on_changes=['a']", {"replaceOnChanges": ["a"]}),
        ("delete_before_replace=True", {"deleteBeforeReplace": True}),
        ("delete_before_replace=False", {"deleteBeforeReplace": False}),
        ("additional_secret_outputs=['s']", {"additionalSecretOutputs": ["s"]}),
        ("retain_on_delete=True", {"retainOnDelete": True}),
        ("deleted_with=aws", {"deletedWith": f"{URN}::pulumi:providers:aws::aws"}),
        ("import_='i-1'", {"import": "i-1"}),
        (
            "custom_timeouts=pulumi.CustomTimeouts(create='1h30m', delete='5s')",
            {"customTimeouts": {"create": "1h30m", "delete": "5s"}},
        ),
    ],
)
def test_options(tmp_path: Path, options: str, recorded: dict[str, object]) -> None:
    program = f"""
    aws = Provider("aws")
    Thing("a", opts=pulumi.ResourceOptions(provider=aws, {options}))
    """
    topology = run(project(tmp_path, program))
    assert topology.resources[urn_of(topology, "a")].options == recorded


@pytest.mark.parametrize(
    ("own", "recorded"),
    [
        ("", {"protect": True, "retainOnDelete": True}),
        ("protect=False", {"retainOnDelete": True}),
        ("retain_on_delete=False", {"protect": True}),
    ],
)
def test_options_that_come_from_the_parent(tmp_path: Path, own: str, recorded: dict[str, object]) -> None:
    program = f"""
    at = pulumi.ResourceOptions(providers=[Provider("aws")], protect=True, retain_on_delete=True)
    Thing("a", opts=pulumi.ResourceOptions(parent=Box("box", at), {own}))
    """
    topology = run(project(tmp_path, program))
    assert topology.resources[urn_of(topology, "a")].options == recorded


REFUSED = {
    "duplicate": (
        'Box("a")\nBox("a")',
        "",
        f"Duplicate resource URN '{URN}::p:layer:Box::a'; try giving it a unique name",
    ),
    "default provider that is disabled": (
        'Thing("a")',
        _DENIED,
        f"Default provider for 'aws' disabled. '{URN}::aws:s3/bucket:Bucket::a' must use an explicit provider.",
    ),
    "default provider where all are disabled": (
        'Thing("a", type_="random:index/x:X")',
        "config: {pulumi:disable-default-providers: ['*']}",
        f"Default provider for 'random' disabled. '{URN}::random:index/x:X::a' must use an explicit provider.",
    ),
    "default provider that is not disabled": (
        'Thing("a")',
        "",
        (
            f"{URN}::aws:s3/bucket:Bucket::a: default providers can't be previewed offline; "
            "it must use an explicit provider"
        ),
    ),
    "remote component": (
        'pulumi.ComponentResource("awsx:ec2:Vpc", "a", {}, None, remote=True)',
        "",
        f"{URN}::awsx:ec2:Vpc::a: components of awsx can't be previewed offline",
    ),
    "lookup": (
        'pulumi.runtime.invoke("aws:ec2/getVpc:getVpc", {}, pulumi.InvokeOptions(provider=Provider("aws")))',
        "",
        "aws:ec2/getVpc:getVpc: lookups can't be answered offline; take what it returns from settings",
    ),
    "lookup by outputs": (
        (
            'box = Box("a")\n'
            'pulumi.runtime.invoke_output("aws:x:y", {}, pulumi.InvokeOutputOptions(provider=Provider("aws")))'
        ),
        "",
        "aws:x:y: lookups can't be answered offline; take what it returns from settings",
    ),
    "existing resource": (
        'Thing("a", opts=pulumi.ResourceOptions(id="i-1", provider=Provider("aws")))',
        "",
        (
            f"{URN}::aws:s3/bucket:Bucket::a: an existing aws:s3/bucket:Bucket can't be read offline; "
            "take its id from settings"
        ),
    ),
    "method call": (
        'pulumi.runtime.call("aws:x:y/method", {}, Box("a"))',
        "",
        "aws:x:y/method: method calls can't be answered offline",
    ),
    "transform": (
        'Box("a", pulumi.ResourceOptions(transforms=[lambda args: None]))',
        "",
        f"{URN}::p:layer:Box::a: resource transforms can't be previewed offline",
    ),
    "stack transform": (
        "pulumi.runtime.register_resource_transform(lambda args: None)",
        "",
        "stack transforms can't be previewed offline",
    ),
    "stack invoke transform": (
        "pulumi.runtime.register_invoke_transform(lambda args: None)",
        "",
        "stack invoke transforms can't be previewed offline",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_engine_refuses_or_only_it_can_answer(tmp_path: Path, case: str) -> None:
    program, config, message = REFUSED[case]
    folder = project(tmp_path, "", config)
    with folder.joinpath("__main__.py").open("a", encoding="utf-8") as file:
        file.write(program)
    assert failure(folder) == message


def test_types_of_the_engine_need_no_provider(tmp_path: Path) -> None:
    topology = run(project(tmp_path, 'Thing("a", type_="pulumi:pulumi:Stash")', _DENIED))
    assert topology.resources[f"{URN}::pulumi:pulumi:Stash::a"].provider == ""


_REFERENCE = """
other = pulumi.StackReference("organization/other/prod")
pulumi.export("vpc", other.get_output("vpc"))
pulumi.export("needed", other.require_output("vpc"))
"""


def test_a_reference_to_another_stack_is_unknown(tmp_path: Path) -> None:
    topology = run(project(tmp_path, _REFERENCE, _DENIED))
    reference = topology.resources[f"{URN}::pulumi:pulumi:StackReference::organization/other/prod"]
    assert reference.read
    assert plain(reference.inputs) == {"name": "organization/other/prod"}
    assert plain(reference.outputs) == {
        "name": "organization/other/prod",
        "outputs": UNKNOWN,
        "secretOutputNames": UNKNOWN,
    }
    assert plain(topology.resources[urn_of(topology, "p-x")].outputs) == {"vpc": UNKNOWN, "needed": UNKNOWN}


def test_a_reference_to_another_stack_is_answered_from_what_is_known(tmp_path: Path) -> None:
    topology = run(project(tmp_path, _REFERENCE), {"organization/other/prod": {"vpc": "vpc-1"}})
    assert plain(topology.resources[urn_of(topology, "p-x")].outputs) == {"vpc": "vpc-1", "needed": "vpc-1"}


def test_secrets_are_marked_and_never_printed(tmp_path: Path) -> None:
    program = """
    config = pulumi.Config()
    at = pulumi.ResourceOptions(provider=Provider("aws"))
    Thing("a", {"key": config.require_secret("key"), "made": pulumi.Output.secret("hunter2"), "open": "o"}, at)
    box = Box("box")
    box.register_outputs({"out": pulumi.Output.secret({"deep": "hunter2"})})
    pulumi.export("known", pulumi.Output.secret("hunter2"))
    """
    topology = run(project(tmp_path, program, "config: {key: {secure: v1:hunter2}}"))
    inputs = topology.resources[urn_of(topology, "a")].inputs
    assert json_format.MessageToDict(inputs)["key"] == {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "value": "[secret]",
    }
    assert plain(inputs) == {"key": "[secret]", "made": "[secret]", "open": "o"}
    report = Report(topology, {}, (), (), "")
    assert "hunter2" not in as_text(report) + str(as_json(report))
    assert as_json(report)["outputs"] == {"known": "[secret]"}
