"""Long runs: many articles through several processes into a store, to be stopped and gone on with at any time."""
