from .candidate import Candidate, CandidateQuerySet, Progress
from .decision import Decided, Decision
from .search import AskedSearch, Comparable, Search

__all__ = ["AskedSearch", "Candidate", "CandidateQuerySet", "Comparable", "Decided", "Decision", "Progress", "Search"]
