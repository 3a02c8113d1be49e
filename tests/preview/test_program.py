from pathlib import Path

import pytest

from preview import program as running
from preview.errors import PreviewError
from preview.monitor import RecordingMonitor
from preview.program import run_program
from preview.topology import STACK_TYPE, plain
from tests.preview.projects import PROVIDER, failure, project, run
from tests.support.editing import urn_of
from tests.support.recording import configured

_LINE = len(PROVIDER.splitlines()) + 1
"""Line of ``__main__.py`` on which the text of a program begins: what comes before is the same for all."""

FAILURES = {
    'raise pulumi.RunError("say why")': "say why",
    'raise ValueError("bad\\n  value")': f"the program failed: ValueError: bad value (__main__.py:{_LINE})",
    "def f():\n    return {}['key']\nf()": f"the program failed: KeyError: 'key' (__main__.py:{_LINE + 1})",
    "import nowhere": f"the program failed: ModuleNotFoundError: No module named 'nowhere' (__main__.py:{_LINE})",
    "import sys\nsys.exit(3)": "the program ended itself with status 3",
    "import sys\nsys.exit('enough')": "the program ended itself with status enough",
    "def (": f"the program failed: SyntaxError: invalid syntax (__main__.py, line {_LINE})",
    "pulumi.Config().require('key')": (
        "Missing required configuration variable 'p:key'\n"
        "\tplease set a value using the command `pulumi config set p:key <value>`"
    ),
    "pulumi.Output.from_input(1).apply(lambda one: one / 0)": "the program failed: ZeroDivisionError: "
    f"division by zero (__main__.py:{_LINE})",
}


@pytest.mark.parametrize("text", FAILURES)
def test_a_program_that_fails_is_told_of_in_one_line(tmp_path: Path, text: str) -> None:
    folder = project(tmp_path)
    with folder.joinpath("__main__.py").open("a", encoding="utf-8") as file:
        file.write(text)
    assert failure(folder) == FAILURES[text]


def test_the_line_is_the_last_one_of_the_project(tmp_path: Path) -> None:
    tmp_path.joinpath("helper_of_p.py").write_text("def fail():\n    int('x')\n", encoding="utf-8")
    folder = project(tmp_path, "import helper_of_p\nhelper_of_p.fail()")
    assert failure(folder).endswith("(helper_of_p.py:2)")


def test_a_missing_program(tmp_path: Path) -> None:
    folder = project(tmp_path)
    folder.joinpath("__main__.py").unlink()
    assert failure(folder) == "__main__.py: not found beside Pulumi.yaml"


def test_the_program_finds_its_stack(tmp_path: Path) -> None:
    program = """
    import os
    pulumi.export("names", [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()])
    pulumi.export("preview", pulumi.runtime.is_dry_run())
    pulumi.export("here", os.getcwd())
    pulumi.export("root", pulumi.get_root_directory())
    pulumi.export("config", [pulumi.Config().require("a"), pulumi.Config("n").require_object("b")])
    """
    before = Path.cwd()
    topology = run(project(tmp_path, program, "config: {a: 1, n:b: {c: [x]}}"))
    assert plain(topology.resources[urn_of(topology, "p-x")].outputs) == {
        "names": ["organization", "p", "x"],
        "preview": True,
        "here": str(tmp_path),
        "root": str(tmp_path),
        "config": ["1", {"c": ["x"]}],
    }
    assert Path.cwd() == before


def test_a_failed_program_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    before = Path.cwd()
    failure(project(tmp_path, "import os\nos.chdir('/')\nraise pulumi.RunError('no')"))
    assert Path.cwd() == before


def test_stacks_in_one_process_know_nothing_of_each_other(tmp_path: Path) -> None:
    program = """
    import os
    config = pulumi.Config()
    Box(config.require("only") if config.get("only") else "none")
    pulumi.export(pulumi.get_project(), {"secret": pulumi.runtime.is_config_secret("p:only")})
    """
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = run(project(tmp_path / "one", program, "config: {only: {secure: v1:abc}}"))
    failure(project(tmp_path / "two", "Box('lost')\nraise pulumi.RunError('no')"))
    second = run(project(tmp_path / "two", program))
    assert {resource.name for resource in first.resources.values()} == {"p-x", "[secret]"}
    assert {resource.name for resource in second.resources.values()} == {"p-x", "none"}
    assert plain(first.resources[urn_of(first, "p-x")].outputs) == {"p": {"secret": True}}
    assert plain(second.resources[urn_of(second, "p-x")].outputs) == {"p": {"secret": False}}
    assert run(tmp_path / "one") == first


def test_warnings_and_errors_that_the_program_logs_are_kept(tmp_path: Path) -> None:
    program = """
    pulumi.log.debug("not this")
    pulumi.info("nor this")
    pulumi.warn("mind this")
    pulumi.warn("and this", Box("a"))
    """
    assert run(project(tmp_path, program)).log == ("warning: mind this", "warning: and this")


def test_an_error_that_the_program_logs_fails_it(tmp_path: Path) -> None:
    assert failure(project(tmp_path, 'pulumi.error("broken")')) == "the program logged an error: broken"


@pytest.mark.parametrize(
    ("value", "found"), [("aws", '"aws"'), ("5", '"5"'), ("{a: 1}", '"{\\"a\\": 1}"'), ("[1]", '"[1]"')]
)
def test_default_providers_are_disabled_by_a_list(tmp_path: Path, value: str, found: str) -> None:
    folder = project(tmp_path, "", f"config: {{pulumi:disable-default-providers: {value}}}")
    assert failure(folder) == (
        f"pulumi:disable-default-providers: found {found}; allowed: a list of packages, such as [aws]"
    )


@pytest.mark.parametrize("value", ["[]", "''", "'[\"aws\"]'"])
def test_lists_of_default_providers_that_the_engine_takes(tmp_path: Path, value: str) -> None:
    assert run(project(tmp_path, "", f"config: {{pulumi:disable-default-providers: {value}}}")).resources


def test_nothing_is_declared_before_the_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monitors: list[RecordingMonitor] = []

    class Watched(RecordingMonitor):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)  # pyright: ignore[reportArgumentType]
            monitors.append(self)

    monkeypatch.setattr(running, "RecordingMonitor", Watched)
    with pytest.raises(PreviewError, match="1 mistake in the configuration of stack prod"):
        run_program(configured("prod", network={"natMode": "x"}), {})
    [monitor] = monitors
    assert {resource.type for resource in monitor.recorded.values()} <= {STACK_TYPE}


def test_the_programs_modules_are_found_beside_it(tmp_path: Path) -> None:
    tmp_path.joinpath("beside_p.py").write_text("NAME = 'found'\n", encoding="utf-8")
    topology = run(project(tmp_path, "import beside_p\nBox(beside_p.NAME)"))
    assert urn_of(topology, "found")
