"""Webhook endpoints: who is told of what, and when that ends."""
