"""Every write of this package: loading a program, and giving and taking roles."""

from .loading import Loaded, ProgramRefusedError, load_program
from .roles import RoleRefusedError, check_role, grant_role, revoke_role

__all__ = [
    "Loaded",
    "ProgramRefusedError",
    "RoleRefusedError",
    "check_role",
    "grant_role",
    "load_program",
    "revoke_role",
]
