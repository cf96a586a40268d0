"""The resources of the record store, by the specification's own division."""
