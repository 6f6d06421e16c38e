"""What the schema and the operations say.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""
