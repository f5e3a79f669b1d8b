"""What holds for every test: Hypothesis's settings, what is skipped without durable-rules, and git.

Sockets are forbidden and the order is random by pytest-socket and pytest-randomly, which
`pyproject.toml` sets up and requires.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A change must not fail, or pass, by the luck of the draw: the same examples every time, and no
# deadlines, as a shared machine may be slow. The nightly run draws afresh, and more.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    max_examples=1_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# On the further interpreters it is the interpreter that is tried, not the draw.
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


# What is made of tables of many cases: its folders, and the command line's own tests of it.
_CASELOAD = re.compile(
    r"/tests/(agreeing|benchmarks|caseload|impact|statistics)/"
    r"|/tests/cli/test_(agree|caseload\w*|impact|stats)\.py$"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the caseload's tests; skip what is `durable` where durable-rules is not installed."""
    for item in items:
        if _CASELOAD.search(item.path.as_posix()):
            item.add_marker(pytest.mark.caseload)
    if importlib.util.find_spec("durable_rules_engine") is not None:
        return
    skip = pytest.mark.skip(reason="durable-rules is not installed")
    for item in items:
        if item.get_closest_marker("durable"):
            item.add_marker(skip)


Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Run git in an empty repository made for the test; nothing of the user's own settings."""
    program = shutil.which("git")
    if program is None:
        pytest.skip("git is not installed")
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Test"),
        **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "test@barset.example"),
    }

    def git(*arguments: str) -> str:
        done = subprocess.run(  # noqa: S603  (git itself, in a folder made for the test)
            [program, *arguments], cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    git("init", "--quiet", "--initial-branch=main")
    return git


@pytest.fixture
def commit(git: Git) -> Git:
    """Commit everything there is; the new commit's full name."""

    def commit(*_: str) -> str:
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message=A version")
        return git("rev-parse", "HEAD")

    return commit
