"""The values that pass through the program: no reading, no writing, no rules."""
