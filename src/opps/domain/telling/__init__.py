"""Words for what opps holds: days, amounts, facts, and what moved a score."""
