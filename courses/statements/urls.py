from django.urls import path

from courses.statements.views.documents import activity_profile, agent_profile, state
from courses.statements.views.others import about, activities, agents
from courses.statements.views.statements import statements

RESOURCES = {
    "about": ("xapi-about", about),
    "statements": ("xapi-statements", statements),
    "activities": ("xapi-activities", activities),
    "activities/state": ("xapi-state", state),
    "activities/profile": ("xapi-activity-profile", activity_profile),
    "agents": ("xapi-agents", agents),
    "agents/profile": ("xapi-agent-profile", agent_profile),
}

# Some clients put a slash between the endpoint and the resource even where the endpoint ends with one.
urlpatterns = [
    *(path(f"xapi/{place}", view, name=name) for place, (name, view) in RESOURCES.items()),
    *(path(f"xapi//{place}", view) for place, (_, view) in RESOURCES.items()),
]
