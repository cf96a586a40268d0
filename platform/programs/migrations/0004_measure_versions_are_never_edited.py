from django.db import migrations

from programs.tenancy import AppendOnly


class Migration(migrations.Migration):
    """Published figures name the version that they used: another definition is another version."""

    dependencies = [("programs", "0003_append_only")]

    operations = [AppendOnly("programs_measureversion")]
