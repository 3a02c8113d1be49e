"""The engine's side of resource registration, at preview: everything is recorded, nothing is created."""

import threading
from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2

from preview.errors import PreviewError
from preview.remote_components import construct
from preview.topology import STACK_TYPE, Resource, plain

_STACK_REFERENCE = "pulumi:pulumi:StackReference"
_PROVIDER_PREFIX = "pulumi:providers:"
_GET_RESOURCE = "pulumi:pulumi:getResource"


class RecordingMonitor(mocks.MockMonitor):
    """A monitor that answers as the engine does on the first preview of an empty stack.

    Ids and computed outputs stay unknown: an answer carries the inputs back and the SDK resolves what is missing to
    unknown. What would need a provider plugin to answer (lookups, most remote components) is refused by name.
    """

    def __init__(
        self,
        project: str,
        stack: str,
        default_providers_disabled: frozenset[str],
        stack_outputs: Mapping[str, Mapping[str, Any]],
    ) -> None:
        super().__init__(_NoMocks())
        self._urn_prefix = f"urn:pulumi:{stack}::{project}"
        self._default_providers_disabled = default_providers_disabled
        self._stack_outputs = stack_outputs
        self._lock = threading.Lock()
        self.recorded: dict[str, Resource] = {}
        self.component_outputs: dict[str, struct_pb2.Struct] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN with the whole chain of parent types, as the engine builds it."""
        parent_type = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if parent_type == STACK_TYPE else f"{parent_type}${type_}"
        return f"{self._urn_prefix}::{qualified}::{name}"

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.transforms:
            raise PreviewError(f"{urn}: resource transforms can't be previewed offline")
        if request.remote:
            self._plugin(urn, request)
            return construct(request, urn, self)
        provider = request.provider.rpartition("::")[0]
        if request.custom and not provider:
            self._default_provider(urn, request.type)
        self._record(
            Resource(
                urn=urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=request.custom,
                inputs=request.object,
                outputs=request.object if request.custom else struct_pb2.Struct(),
                provider=provider,
                dependencies=tuple(sorted(request.dependencies)),
                property_dependencies={
                    key: tuple(sorted(value.urns))
                    for key, value in sorted(request.propertyDependencies.items())
                    if value.urns
                },
                options=_options(request, self._inherited(request.parent)),
            )
        )
        return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != _STACK_REFERENCE:
            raise PreviewError(f"{urn}: an existing {request.type} can't be read offline; take its id from settings")
        outputs = struct_pb2.Struct()
        outputs.update({"name": request.id, "outputs": rpc.UNKNOWN, "secretOutputNames": rpc.UNKNOWN})
        if request.id in self._stack_outputs:
            outputs.update({"outputs": dict(self._stack_outputs[request.id]), "secretOutputNames": []})
        self._record(
            Resource(
                urn=urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=True,
                inputs=request.properties,
                outputs=outputs,
                provider="",
                dependencies=tuple(sorted(request.dependencies)),
                property_dependencies={},
                options={},
                read=True,
            )
        )
        return resource_pb2.ReadResourceResponse(urn=urn, properties=outputs)

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> Any:
        with self._lock:
            self.component_outputs[request.urn] = request.outputs
        return super().RegisterResourceOutputs(request)

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:
        if request.tok == _GET_RESOURCE:
            return self._registered(str(plain(request.args)["urn"]))
        raise PreviewError(f"{request.tok}: lookups can't be answered offline; take what it returns from settings")

    def Call(self, request: resource_pb2.ResourceCallRequest) -> None:
        raise PreviewError(f"{request.tok}: method calls can't be answered offline")

    def RegisterStackTransform(self, request: Any) -> Any:
        raise PreviewError("stack transforms can't be previewed offline")

    def RegisterStackInvokeTransform(self, request: Any) -> Any:
        raise PreviewError("stack invoke transforms can't be previewed offline")

    def _inherited(self, parent: str) -> dict[str, Any]:
        """Return the options that a resource has from its parent where it doesn't set them itself."""
        options = self.recorded[parent].options if parent in self.recorded else {}
        return {key: options[key] for key in ("protect", "retainOnDelete", "deletedWith") if key in options}

    def _record(self, resource: Resource) -> None:
        with self._lock:
            if resource.urn in self.recorded:
                raise PreviewError(f"Duplicate resource URN '{resource.urn}'; try giving it a unique name")
            self.recorded[resource.urn] = resource

    def _registered(self, urn: str) -> resource_pb2.ResourceInvokeResponse:
        """Answer a reference to a resource of this stack, as a remote component returns them."""
        if urn not in self.recorded:
            raise PreviewError(f"{urn}: not a resource of this stack")
        answer: dict[str, Any] = {"return": struct_pb2.Struct()}
        answer["return"].update({"urn": urn, "id": "", "state": self.recorded[urn].outputs})
        return resource_pb2.ResourceInvokeResponse(**answer)

    def _plugin(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        """Record the default provider that starts the plugin of a remote component, where no other is given."""
        if request.provider:
            return
        package = self._enabled_package(urn, request.type)
        name, type_ = f"default_{request.version.replace('.', '_')}", f"{_PROVIDER_PREFIX}{package}"
        inputs = struct_pb2.Struct()
        inputs.update({"version": request.version})
        provider = Resource(
            urn=self.make_urn("", type_, name),
            type=type_,
            name=name,
            parent="",
            custom=True,
            inputs=inputs,
            outputs=inputs,
            provider="",
            dependencies=(),
            property_dependencies={},
            options={},
        )
        with self._lock:
            self.recorded.setdefault(provider.urn, provider)

    def _enabled_package(self, urn: str, type_: str) -> str:
        """Return the package of a type, unless its default provider is disabled, which the engine refuses."""
        package = type_.split(":", maxsplit=1)[0]
        if package in self._default_providers_disabled or "*" in self._default_providers_disabled:
            raise PreviewError(f"Default provider for '{package}' disabled. '{urn}' must use an explicit provider.")
        return package

    def _default_provider(self, urn: str, type_: str) -> None:
        """Refuse a resource that would need a default provider, as the engine does where they are disabled."""
        if type_.startswith((_PROVIDER_PREFIX, "pulumi:")):
            return
        self._enabled_package(urn, type_)
        raise PreviewError(f"{urn}: default providers can't be previewed offline; it must use an explicit provider")


class _NoMocks(mocks.Mocks):
    """MockMonitor asks for mocks; nothing here reaches them."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise PreviewError(f"{args.token}: can't be answered offline")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        raise PreviewError(f"{args.typ}: can't be answered offline")


def _options(request: resource_pb2.RegisterResourceRequest, inherited: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that differ from their defaults, by the names of the Analyzer protocol."""
    options = dict(inherited)
    for key in ("protect", "retainOnDelete"):
        if request.HasField(key):
            options[key] = getattr(request, key)
        if not options.get(key):
            options.pop(key, None)
    if request.ignoreChanges:
        options["ignoreChanges"] = sorted(request.ignoreChanges)
    if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace:
        options["deleteBeforeReplace"] = request.deleteBeforeReplace
    if request.additionalSecretOutputs:
        options["additionalSecretOutputs"] = sorted(request.additionalSecretOutputs)
    if request.deletedWith:
        options["deletedWith"] = request.deletedWith
    if request.replaceOnChanges:
        options["replaceOnChanges"] = sorted(request.replaceOnChanges)
    if request.importId:
        options["import"] = request.importId
    timeouts = {name.name: text for name, text in request.customTimeouts.ListFields()}
    if timeouts:
        options["customTimeouts"] = timeouts
    return options
