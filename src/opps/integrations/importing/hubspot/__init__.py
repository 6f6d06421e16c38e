"""Exports of HubSpot: the property history of deals, deals, and the tables beside them."""
