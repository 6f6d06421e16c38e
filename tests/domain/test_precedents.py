"""What a closed deal adds to one like it, and how fast that fades with what differs."""

from math import exp, fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.model import Graded, HeardSignal, Nats, Signal, SignalSource, Topic
from opps.domain.precedents import NOT_TOLD, Compared, Precedent, Precedents
from opps.domain.signals import Heard

NAMES = ("budget", "client", "size")
VALUES = ("GOOD", "FAIR", "BAD")


def heard(*said: str | None) -> list[Heard]:
    return [
        Heard(HeardSignal(_signal(name), 1.0), value, 0.0 if value is None else 1.0, 0.0)
        for name, value in zip(NAMES, said, strict=True)
    ]


def compared_with(*deals: Precedent) -> Precedents:
    signals = tuple(Compared(SignalSource.CONTEXT, name, VALUES) for name in NAMES)
    return Precedents(signals=signals, deals=deals)


def _signal(name: str) -> Signal:
    return Signal(
        name=name,
        source=SignalSource.CONTEXT,
        topic=Topic.CONTEXT,
        weight=Nats(),
        values={value: Graded() for value in VALUES},
    )


def test_a_deal_just_like_it_adds_all_of_its_pull() -> None:
    precedents = compared_with(Precedent(values=(0, 1, 2), pull=0.7, won=True))

    assert precedents.win(heard("GOOD", "FAIR", "BAD")) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("said", "differing"),
    [(("GOOD", "FAIR", "GOOD"), 1), (("GOOD", None, "GOOD"), 2), ((None, None, None), 3)],
)
def test_with_each_difference_the_pull_fades(said: tuple[str | None, ...], differing: int) -> None:
    precedents = compared_with(Precedent(values=(0, 1, 2), pull=0.7))
    (pull,) = precedents.pulls(heard(*said))

    assert pull.differing == differing
    assert pull.win == precedents.win(heard(*said)) == pytest.approx(0.7 * exp(-differing))


def test_what_neither_deal_tells_makes_them_no_more_alike() -> None:
    precedents = compared_with(Precedent(values=(0, NOT_TOLD, NOT_TOLD), pull=0.7))

    assert precedents.pulls(heard("GOOD", None, None))[0].differing == 2


def test_a_value_that_no_closed_deal_had_is_a_difference() -> None:
    precedents = compared_with(Precedent(values=(0, 1, 2), pull=0.7))

    assert precedents.pulls(heard("GOOD", "FAIR", "UNHEARD OF"))[0].differing == 1


@given(
    st.lists(
        st.builds(
            Precedent,
            values=st.tuples(*[st.integers(NOT_TOLD, 2)] * 3),
            pull=st.floats(-2, 2),
        ),
        max_size=8,
    ),
    st.tuples(*[st.sampled_from([None, *VALUES])] * 3),
)
def test_the_shares_of_the_closed_deals_add_up_whatever_their_order(
    deals: list[Precedent], said: tuple[str | None, ...]
) -> None:
    precedents = compared_with(*deals)
    pulls = precedents.pulls(heard(*said))

    assert fsum(one.win for one in pulls) == precedents.win(heard(*said))
    assert compared_with(*deals[::-1]).win(heard(*said)) == precedents.win(heard(*said))
    assert [abs(one.win) for one in pulls] == sorted([abs(one.win) for one in pulls], reverse=True)
