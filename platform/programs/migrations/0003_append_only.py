from django.db import migrations


class Migration(migrations.Migration):
    """The function behind programs.tenancy.AppendOnly."""

    dependencies = [("programs", "0002_same_program")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are only ever added: % refused', TG_TABLE_NAME, TG_OP
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            """,
            "DROP FUNCTION refuse_change();",
        )
    ]
