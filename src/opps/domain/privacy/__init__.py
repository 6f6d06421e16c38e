"""Erasures of persons, what holds them up, and how long personal data is kept."""
