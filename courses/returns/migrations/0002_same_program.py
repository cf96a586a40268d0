from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]

    operations = [
        SameProgram("returns_return", "partner_id", "programs_partner"),
        SameProgram("returns_return", "profile_id", "returns_returnprofile"),
        SameProgram("returns_returnrow", "of_return_id", "returns_return"),
    ]
