"""A stand-in for a search domain and its Dashboards: it keeps what it is given, and adds what the real ones add."""

import json
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.functions.local_server import Request

_SECURITY = "/_plugins/_security/api"
_SAVED = "/_dashboards/api/saved_objects/"


class Double:
    """Answers as a domain does."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {f"{_SECURITY}/audit": {"enabled": False}}
        self.versions: dict[str, int] = {}

    def __call__(self, request: Request) -> tuple[int, Any]:
        """Answer a request."""
        parts = urlsplit(request.path)
        path = unquote(parts.path)
        return self._read(path) if request.method == "GET" else self._write(path, parse_qs(parts.query), request)

    def _read(self, path: str) -> tuple[int, Any]:
        if path not in self.kept:
            return 404, {"error": "not found"}
        found, name = self.kept[path], path.rpartition("/")[2]
        if path == f"{_SECURITY}/audit":
            return 200, {"_readonly": [], "config": found}
        shown = {
            _SECURITY: {name: {"reserved": False, "hidden": False, "static": False, **found}},
            "/_component_template/": {"component_templates": [{"name": name, "component_template": found}]},
            "/_index_template/": {"index_templates": [{"name": name, "index_template": found}]},
            "/_plugins/_ism/": {
                "_id": name,
                "_seq_no": self.versions[path],
                "_primary_term": 1,
                "policy": {"policy_id": name, "error_notification": None, **found.get("policy", {})},
            },
            _SAVED: {"id": name, "version": "WzEsMV0=", **found},
        }
        return 200, next(answer for folder, answer in shown.items() if path.startswith(folder))

    def _write(self, path: str, query: dict[str, list[str]], request: Request) -> tuple[int, Any]:
        if path == f"{_SECURITY}/audit/config":
            path = f"{_SECURITY}/audit"
        if path.startswith(_SAVED) and (
            request.method != "POST"
            or "osd-xsrf" not in request.headers
            or request.headers.get("securitytenant") != "global"
        ):
            return 400, {"error": "Request must contain a osd-xsrf header."}
        version = {"if_seq_no": [str(self.versions.get(path))], "if_primary_term": ["1"]}
        if path.startswith("/_plugins/_ism/") and path in self.kept and query != version:
            return 409, {"error": {"type": "version_conflict_engine_exception"}}
        there = path in self.kept
        self.kept[path] = json.loads(request.body)
        self.versions[path] = self.versions.get(path, -1) + 1
        return (200 if there else 201), {"acknowledged": True}
