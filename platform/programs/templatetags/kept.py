"""Includes that are rendered once: programs/kept.py."""

from collections.abc import Hashable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from programs import kept as parts

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context: Context, name: str, **values: Hashable) -> SafeString:
    """`{% kept "components/footer.html" source=program.source %}`: an include that sees the values named, and the
    marks `csrf_token` and `address`, but nothing else of the page."""
    request = context.get("request")
    address = request.get_full_path() if request else ""
    return parts.opened(parts.kept(name, dict, **values), token=str(context.get("csrf_token", "")), address=address)


@register.simple_tag(takes_context=True)
def site_header(context: Context) -> SafeString:
    """The header of the page: whose program it is, the pages of the user's roles, and the user's own menu."""
    user, program = context.get("user"), context.get("program")
    is_signed_in = bool(user and user.is_authenticated)
    return kept(
        context,
        "components/header.html",
        program_name=program.name if program else "",
        name_language=program.name_language if program else "",
        country=program.country if program else "",
        navigation=tuple(context.get("navigation") or ()),
        other_programs=tuple(context.get("other_programs") or ()),
        role_names=tuple(context.get("role_names") or ()),
        email=user.email if is_signed_in and user else "",
        is_operator=bool(is_signed_in and user and user.is_operator),
        sign_in_url="" if is_signed_in else str(context.get("sign_in_url") or ""),
    )
