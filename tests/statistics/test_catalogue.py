"""What requirements, areas and agencies are called."""

import pytest

from cspr_core.statistics.catalogue import agency_name, catalogue_of, stage_name


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("police", "Police"),
        ("childrens_social_care", "Children's social care"),
        ("icb", "Integrated care board"),
        ("gp", "General practice"),
        ("kind_not_known", "Agencies by names of their own (kind not in these findings)"),
    ],
)
def test_kinds_of_agencies_have_names(kind: str, name: str) -> None:
    assert agency_name(kind) == name


def test_stages_have_names() -> None:
    assert stage_name("rapid_review") == "Rapid review"


def test_an_area_brings_its_requirements_and_the_nations() -> None:
    found = catalogue_of(["northamptonshire"])
    returned = found.about("northamptonshire.information_return")
    assert (returned.title, returned.stage) == (
        "Agencies return the additional information template",
        "rapid_review",
    )
    assert found.of_agencies("northamptonshire.information_return")
    assert not found.of_agencies("national.notify_panel")
    assert found.area("northamptonshire") == "Northamptonshire Safeguarding Children Partnership"


def test_of_an_area_that_is_not_at_hand_the_nations_remain() -> None:
    found = catalogue_of(["nowhere"])
    assert found.unread == ("nowhere",)
    assert found.about("national.notify_panel").stage == "notification"
    assert found.about("nowhere.anything").title == "nowhere.anything"
    assert found.area("nowhere") == "nowhere"
