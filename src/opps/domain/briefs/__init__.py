"""Answers on paper: what who takes over needs, what a customer gets, what an end teaches."""
