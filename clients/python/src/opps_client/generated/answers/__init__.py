"""What each operation answers.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""
