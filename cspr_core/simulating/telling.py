"""A case from its number: its story, told chapter by chapter and cut at the caseload's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cspr_core.check import Rules
from cspr_core.facts import Facts, facts_of
from cspr_core.model.case import Case
from cspr_core.model.scalars import FIRST_YEAR
from cspr_core.simulating.asked import confirm, excuse, fill, send_forms
from cspr_core.simulating.beginning import begin, inform, notify, refer
from cspr_core.simulating.cut import cut
from cspr_core.simulating.days import WorkingDays
from cspr_core.simulating.delays import delay
from cspr_core.simulating.distributions import Distributions
from cspr_core.simulating.review import decide, learn, plan_actions, review
from cspr_core.simulating.setting import setting_of
from cspr_core.simulating.story import Data, Story, World


@dataclass(frozen=True)
class Teller:
    """Whoever tells the cases of one area, each from its number."""

    rules: Rules
    world: World
    seed: int

    @property
    def area(self) -> str:
        """The area's word."""
        return self.world.setting.area

    def reference(self, number: int) -> str:
        """What a case is called: plainly simulated, its area's, and by number from 1."""
        return f"SIM-{self.area}-{number:06}"

    def data(self, number: int) -> Data:
        """A case as plain data: what a case file holds, days as dates."""
        story = Story(f"{self.seed}/{self.area}/{number}", self.world)
        tell(story)
        return cut(story, self.reference(number))

    def case(self, number: int) -> Case:
        """A case as the model has it."""
        return Case.model_validate(self.data(number))

    def facts(self, case: Case) -> Facts:
        """A case's facts, with those that the area's plugin adds; raises `PluginError`."""
        as_of = date.fromordinal(self.world.as_of)
        return facts_of(case, as_of, extra=self.rules.plugin.facts(case, as_of))


def teller_of(rules: Rules, by: Distributions, *, seed: int, as_of: date, years: int) -> Teller:
    """Whoever tells the cases of an area that begin in the years before a day."""
    first = _years_before(as_of, years)
    days = WorkingDays(first, as_of)
    return Teller(
        rules, World(setting_of(rules), by, days, first.toordinal(), as_of.toordinal()), seed
    )


def _years_before(day: date, years: int) -> date:
    year = max(day.year - years, FIRST_YEAR)
    at = date(year, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    return max(at, date(FIRST_YEAR, 1, 1))


def tell(story: Story) -> None:
    """Tell a story to its end."""
    begin(story)
    if refer(story) and notify(story):
        story.group("oversight_group", story.stages["rapid_review"])
        inform(story)
        outcome = decide(story)
        learn(story, story.stages["decision"])
        if outcome == "local_review":
            review(story)
        elif outcome != "national_referral":
            plan_actions(story, story.stages["decision"], "executive")
    fill(story)
    send_forms(story)
    delay(story)
    confirm(story)
    excuse(story)
