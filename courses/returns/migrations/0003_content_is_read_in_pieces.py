from django.db import migrations


class Migration(migrations.Migration):
    """Stored without compression, a piece of a file is read without reading all that lies before it."""

    dependencies = [("returns", "0002_same_program")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE returns_return ALTER COLUMN content SET STORAGE EXTERNAL;",
            "ALTER TABLE returns_return ALTER COLUMN content SET STORAGE EXTENDED;",
        )
    ]
