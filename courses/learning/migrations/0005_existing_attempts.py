from django.db import migrations


class Migration(migrations.Migration):
    """Attempts of before asked every question in the order of the course."""

    dependencies = [("learning", "0004_drawn_and_practised")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE learning_enrolment enrolment SET achievement_id = attempt.achievement_id
                FROM learning_attempt attempt
                WHERE attempt.enrolment_id = enrolment.id AND attempt.achievement_id IS NOT NULL;
            UPDATE learning_attempt attempt SET
                opened_at = submitted_at,
                answers = coalesce((SELECT jsonb_object_agg('question-' || key, value) FROM jsonb_each(attempt.answers)),
                    '{}'),
                drawn = (
                    SELECT jsonb_agg(jsonb_build_object('key', question.key, 'order', (
                        SELECT jsonb_agg(place)
                        FROM generate_series(0, jsonb_array_length(question.texts -> version.language -> 'choices') - 1) place
                    )) ORDER BY question.number)
                    FROM learning_enrolment enrolment
                    JOIN catalogue_courseversion version ON version.id = enrolment.version_id
                    JOIN catalogue_question question ON question.version_id = version.id
                    WHERE enrolment.id = attempt.enrolment_id);
            """,
            migrations.RunSQL.noop,
        ),
    ]
