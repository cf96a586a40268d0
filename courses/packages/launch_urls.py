"""All that is served on the packages' host. Nobody is signed in there: the token in the address opens one launch."""

from django.urls import path

from courses.packages.views import launch, xapi

urlpatterns = [
    path("launch/<str:token>/", launch.player, name="player"),
    path("launch/<str:token>/player/<str:name>", launch.player_file, name="player-file"),
    path("launch/<str:token>/content/<path:path>", launch.content, name="content"),
    path("launch/<str:token>/commit", launch.commit, name="commit"),
    path("launch/<str:token>/ended/", launch.ended, name="ended"),
    path("launch/<str:token>/fetch/", xapi.fetch, name="fetch"),
    path("launch/<str:token>/xapi/<path:resource>", xapi.resource, name="xapi"),
]
