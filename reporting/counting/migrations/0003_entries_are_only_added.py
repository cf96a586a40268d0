from django.db import migrations

from programs.tenancy import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("counting", "0002_same_program"), ("programs", "0003_append_only")]

    operations = [AppendOnly("counting_ledgerentry")]
