"""Use cases, one a module. The only place that commits: a change and its ledger entry together."""
