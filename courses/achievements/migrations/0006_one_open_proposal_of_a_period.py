from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("achievements", "0005_mass_revocations")]

    operations = [
        migrations.AddConstraint(
            model_name="massrevocation",
            constraint=models.UniqueConstraint(
                models.F("partner"),
                models.F("first_on"),
                models.F("last_on"),
                condition=models.Q(("decision", ""), ("undoes__isnull", True)),
                name="mass_revocation_of_a_period_is_proposed_once",
            ),
        ),
    ]
