"""Learning: from labelled texts to weights, and how well weights do on texts that they have not seen.

Needs SciPy, which comes with `footnote[training]`; suggesting a level does not.
"""
