"""Twelve invented opportunities over four months: synthetic, labelled, and decided for real."""

from opps.sample.write import SAMPLE_SLUG, sample_steps, write_backup

__all__ = ["SAMPLE_SLUG", "sample_steps", "write_backup"]
