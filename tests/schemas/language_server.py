"""The real yaml-language-server, spoken to over pipes as an editor does (no sockets).

It is what VS Code's YAML extension and most other editors run. `scripts/setup.sh` fetches it into
`.tools/`, where Node.js is there.
"""

from __future__ import annotations

import itertools
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = (
    ROOT / ".tools" / "yaml-language-server" / "node_modules" / "yaml-language-server" / "bin"
    / "yaml-language-server"
)  # fmt: skip
_PATIENCE = 60  # seconds for an answer, on a machine that has much else to do


def missing() -> str | None:
    """Why the server can't be started here; None where it can."""
    if shutil.which("node") is None:
        return "Node.js is not installed"
    if not PROGRAM.is_file():
        return "yaml-language-server is not in .tools: run scripts/language_server.sh"
    return None


class LanguageServer:
    """A running server; `schemas` says which schema goes with which files."""

    def __init__(self, schemas: Mapping[str, list[str]], yaml_version: str = "1.2") -> None:
        self._settings = {
            "yaml": {
                "validate": True,
                "completion": True,
                "hover": True,
                "schemas": dict(schemas),
                "schemaStore": {"enable": False},
                "yamlVersion": yaml_version,
            }
        }
        self._ids = itertools.count(1)
        self._opened: set[str] = set()
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = subprocess.Popen(  # noqa: S603  (the program named above)
            [str(shutil.which("node")), str(PROGRAM), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": ROOT.as_uri(),
                "workspaceFolders": [{"uri": ROOT.as_uri(), "name": "cspr"}],
                "capabilities": {
                    "workspace": {"configuration": True},
                    "textDocument": {
                        "completion": {
                            "completionItem": {
                                "snippetSupport": True,
                                "documentationFormat": ["markdown", "plaintext"],
                            }
                        }
                    },
                },
            },
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})
        self._settle()

    def close(self) -> None:
        """End the server."""
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.wait(timeout=_PATIENCE)
        self._reader.join(timeout=_PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _settle(self) -> None:
        """Wait until the server has asked for its settings and taken them."""
        asked = ROOT / "settled.yaml"
        while True:
            self._tell("workspace/didChangeConfiguration", {"settings": self._settings})
            message = self._next()
            self._answer(message)
            if message.get("method") == "workspace/configuration":
                break
        self.diagnostics((asked, "a: 1\n"))

    # --- what an editor asks ---------------------------------------------------------------------

    def diagnostics(self, *documents: tuple[Path, str]) -> list[list[str]]:
        """What is marked in each document: `LINE:COLUMN: MESSAGE`, lines and columns from 1."""
        uris = [self._open(path, text) for path, text in documents]
        told: dict[str, list[str]] = {}
        while not told.keys() >= set(uris):
            message = self._next()
            self._answer(message)
            if message.get("method") == "textDocument/publishDiagnostics":
                found = message["params"]
                told[found["uri"]] = [
                    f"{d['range']['start']['line'] + 1}:{d['range']['start']['character'] + 1}:"
                    f" {d['message']}"
                    for d in found["diagnostics"]
                ]
        for uri in uris:
            self._close(uri)
        return [told[uri] for uri in uris]

    def completion(self, path: Path, text: str) -> dict[str, str]:
        """What is offered where `|` stands in the text: each label with its explanation."""
        found = self._at(path, text, "textDocument/completion")
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"]: _plain(item.get("documentation")) for item in items}

    def hover(self, path: Path, text: str) -> str:
        """What is shown of what stands where `|` is in the text."""
        found = self._at(path, text, "textDocument/hover")
        return _plain(found["contents"]) if found else ""

    def _at(self, path: Path, text: str, method: str) -> Any:
        before, _, after = text.partition("|")
        uri = self._open(path, before + after)
        line = before.count("\n")
        place = {"line": line, "character": len(before) - before.rfind("\n") - 1}
        found = self._ask(method, {"textDocument": {"uri": uri}, "position": place})
        self._close(uri)
        return found

    def _open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        if uri in self._opened:  # what comes late about one is not to be taken for the other
            uri = path.with_name(f"{next(self._ids)}.{path.name}").as_uri()
        self._opened.add(uri)
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _close(self, uri: str) -> None:
        self._tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    # --- the protocol ----------------------------------------------------------------------------

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        while True:
            length = 0
            while (line := pipe.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                self._inbox.put(None)
                return
            self._inbox.put(json.loads(pipe.read(length)))

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        pipe.flush()

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self._answer(message)

    def _next(self) -> dict[str, Any]:
        message = self._inbox.get(timeout=_PATIENCE)
        assert message is not None, "the server has ended"
        return message

    def _answer(self, message: Mapping[str, Any]) -> None:
        """Answer what the server asks of its editor."""
        if "id" not in message or "method" not in message:
            return
        result: Any = None
        if message["method"] == "workspace/configuration":
            result = [
                self._settings.get(item.get("section"), {}) for item in message["params"]["items"]
            ]
        self._send({"id": message["id"], "result": result})


def _plain(documentation: Any) -> str:
    if isinstance(documentation, dict):
        documentation = documentation["value"]
    return str(documentation or "").replace("\\", "")
