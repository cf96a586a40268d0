"""Questions: what courses ask, how it is written down and how answers are judged."""
