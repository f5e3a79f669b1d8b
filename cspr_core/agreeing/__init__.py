"""Whether all engines agree: random cases of every area, compared field by field.

A difference is cut down to the smallest case that still has it. What the right answer is, nothing
here says: that stands in the scenarios.
"""
