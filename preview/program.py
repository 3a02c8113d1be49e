"""Running the program of a stack, as the language host of the engine does."""

import asyncio
import contextvars
import json
import logging
import os
import runpy
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import Settings, configure, mocks, set_all_config
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_in_stack

from preview.errors import PreviewError
from preview.monitor import RecordingMonitor
from preview.stack_file import StackConfig
from preview.topology import Topology

_ORGANIZATION = "organization"  # what the engine says for state backends that have none


def run_program(stack: StackConfig, stack_outputs: Mapping[str, Mapping[str, Any]]) -> Topology:
    """Run the program in ``stack.root`` for ``stack`` and return what it declared.

    ``stack_outputs`` answers references to other stacks by ``organization/project/stack``; what it doesn't hold stays
    unknown, as before the first update of that stack.

    :raises PreviewError: where the program fails or asks for what can't be answered offline.
    """
    # A context of its own keeps the SDK's settings, which are context variables, apart from those of other stacks.
    return contextvars.copy_context().run(_run, stack, stack_outputs)


def _run(stack: StackConfig, stack_outputs: Mapping[str, Mapping[str, Any]]) -> Topology:
    monitor = RecordingMonitor(stack.project, stack.stack, _disabled_default_providers(stack), stack_outputs)
    log = _Messages()
    configure(
        Settings(
            monitor=monitor,
            engine=mocks.MockEngine(log.logger),
            project=stack.project,
            stack=stack.stack,
            dry_run=True,
            organization=_ORGANIZATION,
            root_directory=str(stack.root),
        )
    )
    set_all_config(dict(stack.config), list(stack.secret_keys))
    previous_folder, root = Path.cwd(), str(stack.root)
    if root not in sys.path:
        sys.path.insert(0, root)
    os.chdir(root)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # as the engine's language host does
    try:
        loop.run_until_complete(run_in_stack(_main(stack.root)))
    except (pulumi.RunError, PreviewError) as error:
        raise PreviewError(str(error)) from None
    except SystemExit as error:
        raise PreviewError(f"the program ended itself with status {error.code}") from None
    except Exception as error:
        raise PreviewError(f"the program failed: {_describe(error, stack.root)}") from error
    finally:
        os.chdir(previous_folder)
        asyncio.set_event_loop(None)
        loop.close()
    if log.errors:
        raise PreviewError("\n".join(f"the program logged an error: {message}" for message in log.errors))
    resources = {
        urn: replace(resource, outputs=monitor.component_outputs.get(urn, resource.outputs))
        for urn, resource in sorted(monitor.recorded.items())
    }
    return Topology(stack.stack, resources, tuple(log.messages))


def _disabled_default_providers(stack: StackConfig) -> frozenset[str]:
    key = "pulumi:disable-default-providers"
    text = stack.config.get(key) or "[]"
    try:
        packages: object = json.loads(text)
    except ValueError:
        packages = None
    if not isinstance(packages, list) or not all(isinstance(package, str) for package in packages):
        raise PreviewError(f"{key}: found {json.dumps(text)}; allowed: a list of packages, such as [aws]")
    return frozenset(package.strip() for package in packages)


def _main(root: Path) -> Any:
    async def main() -> None:
        program = root / "__main__.py"
        if not program.is_file():
            raise PreviewError(f"{program.name}: not found beside Pulumi.yaml")
        runpy.run_path(str(program), run_name="__main__")
        await _settle()

    return main


async def _settle() -> None:
    """Wait until all outputs are known, or one fails, of which the SDK then tells.

    The SDK waits by itself, but looks through all outputs after each that is known: twice the time for a whole stack.
    """
    settings: Any = SETTINGS  # its properties are context variables, which have no type
    while outputs := list(settings.outputs):
        done, _ = await asyncio.wait(outputs, return_when=asyncio.FIRST_EXCEPTION)
        if any(output.cancelled() or output.exception() for output in done):
            return


def _describe(error: Exception, root: Path) -> str:
    """Say what failed and on which line of the project, in place of a traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(f"{root}/")]
    own = [frame for frame in frames if ".venv" not in frame.filename and f"{root}/preview/" not in frame.filename]
    where = f" ({Path(own[-1].filename).relative_to(root)}:{own[-1].lineno})" if own else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{where}"


class _Messages(logging.Handler):
    """Collects what the program logs through ``pulumi.log``: warnings, and errors, after which it has failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self.errors: list[str] = []
        self.logger = logging.Logger("program", logging.WARNING)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        else:
            self.messages.append(f"{record.levelname.lower()}: {record.getMessage()}")
