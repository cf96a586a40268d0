from django.db import migrations


class Migration(migrations.Migration):
    """What was published before, in the language in which it was written."""

    dependencies = [("catalogue", "0005_languages_and_files")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE catalogue_courseversion version SET
                languages = ARRAY[version.language],
                asks = (SELECT count(*) FROM catalogue_question WHERE version_id = version.id),
                outline = coalesce((
                    SELECT jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'minutes', minutes,
                        'titles', jsonb_build_object(version.language, title)) ORDER BY number)
                    FROM catalogue_lesson WHERE version_id = version.id), '[]');
            INSERT INTO catalogue_lessontranslation (program_id, lesson_id, language, title, blocks)
            SELECT lesson.program_id, lesson.id, version.language, lesson.title,
                jsonb_build_array(jsonb_build_object('html', lesson.html))
            FROM catalogue_lesson lesson JOIN catalogue_courseversion version ON version.id = lesson.version_id;
            CREATE FUNCTION pg_temp.shown(said text) RETURNS text LANGUAGE sql IMMUTABLE AS
                $$ SELECT replace(replace(replace(said, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') $$;
            UPDATE catalogue_question question SET
                key = 'question-' || question.number,
                texts = jsonb_build_object(version.language, jsonb_build_object(
                    'prompt', '<p>' || pg_temp.shown(prompt) || '</p>',
                    'feedback', '<p>' || pg_temp.shown(feedback) || '</p>',
                    'choices', (SELECT jsonb_agg(pg_temp.shown(choice) ORDER BY place)
                        FROM jsonb_array_elements_text(question.choices) WITH ORDINALITY AS listed (choice, place))))
            FROM catalogue_courseversion version WHERE version.id = question.version_id;
            """,
            migrations.RunSQL.noop,
        ),
    ]
