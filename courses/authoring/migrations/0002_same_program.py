from django.db import migrations

from programs.tenancy import AppendOnly, SameProgram


class Migration(migrations.Migration):
    """Nothing that somebody wrote is lost: revisions are only ever added."""

    dependencies = [("authoring", "0001_initial")]

    operations = [
        SameProgram("authoring_draft", "course_id", "catalogue_course"),
        SameProgram("authoring_draft", "base_id", "catalogue_courseversion"),
        SameProgram("authoring_draft", "published_id", "catalogue_courseversion"),
        SameProgram("authoring_revision", "draft_id", "authoring_draft"),
        SameProgram("authoring_revision", "blob_id", "catalogue_blob"),
        AppendOnly("authoring_revision"),
    ]
