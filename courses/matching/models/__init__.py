from .candidate import Candidate, CandidateQuerySet, Progress
from .decision import Decided, Decision
from .search import Comparable, Search

__all__ = ["Candidate", "CandidateQuerySet", "Comparable", "Decided", "Decision", "Progress", "Search"]
