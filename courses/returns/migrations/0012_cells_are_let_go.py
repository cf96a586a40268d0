from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0011_refused_after_rows_were_taken"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="heldrow",
            index=models.Index(
                condition=models.Q(("sealed__isnull", False), ("state", "faulty")),
                fields=["of_return"],
                name="held_row_faulty_with_cells",
            ),
        ),
        # The cells of dry runs go with the file from now on; of these the file is gone.
        migrations.RunSQL(
            """
            UPDATE returns_heldrow held SET sealed = NULL FROM returns_return tried
            WHERE held.of_return_id = tried.id AND tried.status = 'tried' AND held.sealed IS NOT NULL
              AND NOT EXISTS (SELECT FROM returns_piece WHERE of_return_id = tried.id)
            """,
            migrations.RunSQL.noop,
        ),
    ]
