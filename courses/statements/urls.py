from django.urls import path

from courses.statements.views.documents import activity_profile, agent_profile, state
from courses.statements.views.others import about, activities, agents
from courses.statements.views.statements import statements

urlpatterns = [
    path("xapi/about", about, name="xapi-about"),
    path("xapi/statements", statements, name="xapi-statements"),
    path("xapi/activities", activities, name="xapi-activities"),
    path("xapi/activities/state", state, name="xapi-state"),
    path("xapi/activities/profile", activity_profile, name="xapi-activity-profile"),
    path("xapi/agents", agents, name="xapi-agents"),
    path("xapi/agents/profile", agent_profile, name="xapi-agent-profile"),
]
