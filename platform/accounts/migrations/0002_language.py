from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True, default="", help_text="code of the language chosen; none if empty", max_length=10
            ),
            preserve_default=False,
        ),
    ]
