"""The ledger: one Merkle tree over a tenant's headers, signed, and what it can prove."""
