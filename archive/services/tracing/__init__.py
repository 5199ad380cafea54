"""From recollection to source: references that somebody supplies for answers that give none."""
