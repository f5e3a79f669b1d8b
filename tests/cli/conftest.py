"""An area made up for these tests, cases of it, and the command line as people call it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cspr_core.check import rules_for
from cspr_core.cli import main

ARRANGEMENTS = """\
schema: cspr.arrangements/1
partnership: testshire
name: Testshire Safeguarding Partnership
covers:
  - {document: Made-up Guide, dated: 2020-12, in_force_from: 2020-12, checked: 2026-11-21, stages: [rapid_review]}
not_covered: [The flow chart is not in the text at hand.]
bodies:
  review_group: {name: Review Team}
roles:
  lead_reviewer:
    name: Independent Reviewer
    duties:
      - {stage: review, what: Chairs the Review Team, source: {section: Roles}}
contacts:
  - {for: business_office, email: office@testshire.example, published_in: Made-up Guide, as_of: 2020-12, confirmed_on: null}
  - {for: panel, url: "https://panel.example", published_in: Made-up Guide, as_of: 2020-12-05, confirmed_on: 2026-05-20}
requirements:
  - id: information_return
    kind: deadline
    title: Agencies return the template
    action: Return the template
    stage: rapid_review
    for_each: {agency: involved}
    within: {n: 7, unit: working_days, of: {event: information_requested, same: agency}}
    met_by: {event: information_returned, same: agency}
    who: agency
    source: {section: Rapid Review}
    reading: Each agency counts from its own request.
  - id: terms
    kind: step
    title: The terms of reference are written
    stage: review
    when: {decision: local_review}
    met_by: {event: terms_of_reference}
    who: lead_reviewer
    source: {section: Review}
  - id: think
    kind: advice
    title: Think of siblings
    stage: rapid_review
    source: {section: Rapid Review}
"""  # noqa: E501

CASE = """\
schema: cspr.case/1
case: TS-2026-01
partnership: testshire
children:
  - {id: child_1, outcome: seriously_harmed, harm: [physical], looked_after: no, care_leaver: no}
incident: {date: 2026-03-02, area: testshire, residence: testshire, abuse_or_neglect: suspected}
agencies:
  police: {involved: yes}
  gp: {involved: yes}
events:
  - {type: aware, by: local_authority, date: 2026-03-03}
  - {type: notified, to: [panel, partners], date: 2026-03-09}
  - {type: information_requested, agency: police, date: 2026-03-10}
  - {type: information_requested, agency: gp, date: 2026-03-10}
"""
RETURNED = """\
  - {type: information_returned, agency: police, date: 2026-03-18}
  - {type: information_returned, agency: gp, date: 2026-03-18}
"""


@dataclass(frozen=True)
class Ran:
    """What a run of the command line came to."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*argv: str | Path) -> Ran:
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in argv])
        said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """A folder with the arrangements of Testshire, for `--plugins`."""
    folder = tmp_path / "plugins"
    (folder / "testshire").mkdir(parents=True)
    (folder / "testshire" / "arrangements.yaml").write_text(ARRANGEMENTS, encoding="utf-8")
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


Install = Callable[..., None]
Spawn = Callable[..., Ran]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def install(site: Path) -> Install:
    """Put a distribution with a plugin into a folder that `spawn` has on its path."""

    def install(
        name: str,
        python: str = "",
        yaml: str | None = ARRANGEMENTS,
        *,
        target: str = "",
        distribution: str = "",
    ) -> None:
        distribution = distribution or f"cspr-{name}"
        package = "cspr_" + distribution.removeprefix("cspr-").replace("-", "_")
        (site / package).mkdir()
        (site / package / "__init__.py").write_text(python, encoding="utf-8")
        if yaml is not None:
            text = yaml.replace("partnership: testshire", f"partnership: {name}")
            (site / package / "arrangements.yaml").write_text(text, encoding="utf-8")
        info = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(
            f"[cspr]\n{name} = {target or package}\n", encoding="utf-8"
        )

    return install


@pytest.fixture
def spawn(site: Path) -> Spawn:
    """Run the command line in a process of its own, with the installed plugins on its path."""

    def spawn(*argv: str | Path, code: str = "", **environment: str) -> Ran:
        program = code or "from cspr_core.cli import main; main()"
        done = subprocess.run(  # noqa: S603  (our own interpreter, our own arguments)
            [sys.executable, "-c", program, *map(str, argv)],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(site), **environment},
        )
        return Ran(
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
        )

    return spawn


@pytest.fixture
def installed(install: Install, site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """As `install`, for commands run in this very process."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(site)
    rules_for.cache_clear()
    yield install
    rules_for.cache_clear()
    for name in set(sys.modules) - before:
        if name.startswith("cspr_") and not name.startswith("cspr_core"):
            del sys.modules[name]
