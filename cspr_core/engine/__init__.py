"""The engines: programs and facts in, decisions out; one file for each."""
