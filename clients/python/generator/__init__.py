"""Writes the typed client of operations/*.graphql: one module an operation, and a method each."""
