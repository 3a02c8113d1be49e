"""Attacks on the policy pack: the recorded prod stack, broken in every way that the clause table gives.

``make mutate`` runs it. A mutant is the stack with one change. What breaks a bound of ``docs/adr/clauses.yaml`` must be
refused by some guardrail; what only says the same in other words must not be.
"""
