"""The core of `cspr`, a rules engine for child safeguarding practice reviews in England.

It reads a case and a partnership's arrangements and answers every requirement, each with its
evidence. What one partnership's document says is no part of it: that stands in a plugin.
"""

__version__ = "0.1.0"
