from django.db import migrations


class Migration(migrations.Migration):
    """The table gets its new name with every row in it; programs.0005_api_tokens takes it over."""

    dependencies = [("exports", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("ApiToken", "programs_apitoken")],
            state_operations=[migrations.DeleteModel("ApiToken")],
        ),
    ]
