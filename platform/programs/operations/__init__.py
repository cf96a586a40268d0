"""Every write of this package: loading a program, giving and taking roles, making and revoking tokens."""

from .employers import Register, RegisterRefusedError, load_employers
from .loading import Loaded, ProgramRefusedError, load_program
from .roles import RoleRefusedError, check_role, grant_role, revoke_role
from .tokens import TokenRefusedError, create_partner_token, create_token, note_use, revoke_token

__all__ = [
    "Loaded",
    "ProgramRefusedError",
    "Register",
    "RegisterRefusedError",
    "RoleRefusedError",
    "TokenRefusedError",
    "check_role",
    "create_partner_token",
    "create_token",
    "grant_role",
    "load_employers",
    "load_program",
    "note_use",
    "revoke_role",
    "revoke_token",
]
