"""An area's arrangements written out as practice guidance: what a partnership would publish.

`writing.guidance_of` makes the document as a value, from the arrangements and the national
provisions alone; `as_markdown`, `as_html` and `as_word` lay it out and decide nothing. What the
rules come to in one case is not told here: that is `cspr check`'s to say.
"""
