"""Learning: from labelled texts to weights, and how well weights do on texts that they have not seen.

Needs SciPy and threadpoolctl, which the extra `training` names; suggesting a level does not.
"""
