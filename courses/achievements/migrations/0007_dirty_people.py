import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from programs.tenancy import SameProgram

# The arrays are numbers that gain little by being compressed.
PREPARE = """
    ALTER TABLE achievements_dirtypeople ALTER people SET STORAGE EXTERNAL;
    ALTER TABLE achievements_dirtypeople SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
"""
MOVE = """
    INSERT INTO achievements_dirtypeople (program_id, people, marked_at)
    SELECT program_id, array_agg(DISTINCT person_id), marked_at
    FROM achievements_dirtyperson GROUP BY program_id, person_id / 4096, marked_at;
"""
MOVE_BACK = """
    LOCK TABLE achievements_dirtypeople IN ACCESS EXCLUSIVE MODE;
    INSERT INTO achievements_dirtyperson (program_id, person_id, marked_at)
    SELECT dirty.program_id, person.id, dirty.marked_at
    FROM achievements_dirtypeople dirty CROSS JOIN unnest(dirty.people) person_id
    JOIN people_person person ON person.id = person_id AND person.program_id = dirty.program_id;
    ALTER TABLE achievements_dirtyperson
        SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
"""


def neighbourhood(place: str) -> models.Func:
    template = f"(%(expressions)s)[{place}] / 4096"
    return models.Func("people", template=template, output_field=models.BigIntegerField())


class ForgetSameProgram(SameProgram):
    """The other way round: the constraint is there again when this is undone."""

    def __init__(self, table: str, column: str, parent: str) -> None:
        super().__init__(table, column, parent)
        self.sql, self.reverse_sql = self.reverse_sql, self.sql


class Migration(migrations.Migration):
    dependencies = [
        ("achievements", "0006_one_open_proposal_of_a_period"),
        ("programs", "0004_measure_versions_are_never_edited"),
    ]

    operations = [
        migrations.CreateModel(
            name="DirtyPeople",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), help_text="their numbers, ascending", size=None
                    ),
                ),
                (
                    "lane",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func("people", template="mod((%(expressions)s)[1] / 4096, 8)"),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
                (
                    "number",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func("people", function="cardinality"),
                        output_field=models.IntegerField(),
                    ),
                ),
                ("marked_at", models.DateTimeField()),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "dirty people",
                "indexes": [models.Index(fields=["program", "lane", "marked_at"], name="dirty_people_by_lane")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="dirty_people_are_some"),
                    models.CheckConstraint(
                        condition=models.lookups.Exact(neighbourhood("1"), neighbourhood("cardinality(people)")),
                        name="dirty_people_are_neighbours",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PREPARE, migrations.RunSQL.noop),
        ForgetSameProgram("achievements_dirtyperson", "person_id", "people_person"),
        migrations.RunSQL(MOVE, MOVE_BACK),
        migrations.DeleteModel(name="DirtyPerson"),
    ]
