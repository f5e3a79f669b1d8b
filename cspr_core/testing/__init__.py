"""Rules held against scenarios: which there are, what they come to, and what they leave out.

Nothing here decides: a scenario's case is checked as any other. How a scenario is read stands in
`cspr_core.scenarios`.
"""
