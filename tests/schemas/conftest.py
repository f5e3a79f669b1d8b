"""One server for all tests of a process, with the settings that the repository gives an editor."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.schemas.language_server import ROOT, LanguageServer, missing

SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def server() -> Iterator[LanguageServer]:
    """The running server, with the repository's own settings.

    CSPR_LANGUAGE_SERVER: `required` fails where it can't be started; `off` leaves it out.
    """
    asked = os.environ.get("CSPR_LANGUAGE_SERVER", "")
    if asked == "off":
        pytest.skip("the language server is tried on one interpreter only")
    if (why := missing()) is not None:
        if asked == "required":
            pytest.fail(f"the language server has to be here: {why}")
        pytest.skip(why)
    started = LanguageServer(SETTINGS["yaml.schemas"])
    yield started
    started.close()
