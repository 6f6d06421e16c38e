"""Read models: folded from the log by the projector, thrown away and rebuilt, never migrated."""
