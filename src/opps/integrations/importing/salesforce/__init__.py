"""Exports of Salesforce: objects known by their columns, and what they mean."""
