"""Every grade stands in one place, with its reason."""

import pytest

from opps.domain.facts.customer import OurEffect
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Stance
from opps.domain.facts.purchase import FitLevel, FundingStatus, LeadTime
from opps.domain.valence import grades


@pytest.mark.parametrize("table", grades.GRADES.values(), ids=grades.GRADES)
def test_each_grade_speaks_between_against_and_for_and_says_why(table: grades.Table) -> None:
    for grade in table.values():
        assert -1 <= grade.happen <= 1
        assert -1 <= grade.win <= 1
        assert grade.because


def test_each_number_of_the_rules_says_what_it_is() -> None:
    assert all(number.because for number in grades.NUMBERS.values())


def test_nothing_that_can_be_said_goes_ungraded() -> None:
    assert grades.OUR_EFFECT.keys() == grades.OUR_ADVANTAGE.keys() == set(OurEffect)
    assert grades.LEANING.keys() == set(LeaningLevel)
    assert grades.STANCE.keys() == set(Stance)
    assert grades.FIT.keys() == set(FitLevel)
    assert grades.FUNDING.keys() == set(FundingStatus)
    assert grades.LEAD_TIME.keys() == set(LeadTime)
    assert grades.MASS.keys() == set(InfluenceLevel)
