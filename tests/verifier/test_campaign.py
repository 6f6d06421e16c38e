"""Nothing that is forged passes, and nothing that is honest is called forged."""

from benchmarks.tamper import FORGERIES, run


def test_every_forgery_of_a_short_campaign_is_found_and_no_honest_log_is_blamed() -> None:
    campaign = run(seed=2026, count=8 * len(FORGERIES))

    assert campaign.wrong == []
    assert (campaign.found, campaign.alarms) == (8 * len(FORGERIES), 0)
    assert all(one.tried == 8 for one in campaign.kinds.values())


def test_the_same_seed_forges_the_same() -> None:
    assert run(seed=3, count=60) == run(seed=3, count=60)
