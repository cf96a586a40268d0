from django.db import migrations


class Migration(migrations.Migration):
    """What was signed is never rewritten, a revocation is never taken back, and a credential is never deleted."""

    dependencies = [("credentials", "0002_same_program")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_rewriting_a_credential() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'credential % was issued: it can be revoked once, never rewritten or deleted', OLD.code
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            CREATE TRIGGER credential_is_never_rewritten BEFORE UPDATE ON credentials_credential
                FOR EACH ROW WHEN (
                    (OLD.program_id, OLD.achievement_id, OLD.code, OLD.jwt, OLD.issued_at)
                        IS DISTINCT FROM (NEW.program_id, NEW.achievement_id, NEW.code, NEW.jwt, NEW.issued_at)
                    OR OLD.revoked_at IS NOT NULL AND (OLD.revoked_at, OLD.revocation_reason)
                        IS DISTINCT FROM (NEW.revoked_at, NEW.revocation_reason)
                ) EXECUTE FUNCTION refuse_rewriting_a_credential();
            CREATE TRIGGER credential_is_never_deleted BEFORE DELETE ON credentials_credential
                FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_a_credential();
            """,
            """
            DROP TRIGGER credential_is_never_rewritten ON credentials_credential;
            DROP TRIGGER credential_is_never_deleted ON credentials_credential;
            DROP FUNCTION refuse_rewriting_a_credential();
            """,
        )
    ]
