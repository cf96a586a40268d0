"""The description of the API: public, because it says how to ask and holds nobody's figures."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny


class SchemaView(SpectacularAPIView):
    """The OpenAPI document. The one kind of API view that names no scopes: it belongs to no program."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class DocsView(SpectacularSwaggerSplitView):
    """The same to read and try. Its script is a file of its own, so that our content security policy holds."""

    authentication_classes = (SessionAuthentication,)  # the page's header says who is signed in
    permission_classes = (AllowAny,)
    template_name = "exports/docs.html"
    url_name = "api-schema"
