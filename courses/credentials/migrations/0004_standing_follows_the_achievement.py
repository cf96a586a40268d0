from django.db import migrations

# Whoever revoked a credential has always revoked its achievement too; if that ever failed, nothing may be lost here.
REFUSE_TO_FORGET = """
    DO $$ BEGIN
        IF EXISTS (
            SELECT FROM credentials_credential WHERE revoked_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM achievements_achievement fact
                WHERE fact.refers_to_id = credentials_credential.achievement_id AND fact.kind = 'revoked'
            )
        ) THEN RAISE EXCEPTION 'a credential is revoked and its achievement is not: revoke the achievement first';
        END IF;
    END $$
"""
SIGNED = "program_id, achievement_id, code, jwt, issued_at"


def refuse_rewriting(*, with_revocation: bool) -> str:
    old, new = (", ".join(f"{row}.{name}" for name in SIGNED.split(", ")) for row in ("OLD", "NEW"))
    revocation = """
        OR OLD.revoked_at IS NOT NULL AND (OLD.revoked_at, OLD.revocation_reason)
            IS DISTINCT FROM (NEW.revoked_at, NEW.revocation_reason)"""
    return f"""
        DROP TRIGGER credential_is_never_rewritten ON credentials_credential;
        CREATE TRIGGER credential_is_never_rewritten BEFORE UPDATE ON credentials_credential
            FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}){revocation if with_revocation else ""})
            EXECUTE FUNCTION refuse_rewriting_a_credential();
    """


SAYS = """
    CREATE OR REPLACE FUNCTION refuse_rewriting_a_credential() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'credential % was issued: it is never rewritten or deleted', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
"""


class Migration(migrations.Migration):
    """A credential keeps no revocation of its own: the facts about its achievement say whether it stands."""

    dependencies = [("credentials", "0003_what_was_signed_stays"), ("achievements", "0004_turns_and_lanes")]

    operations = [
        migrations.RunSQL(REFUSE_TO_FORGET, migrations.RunSQL.noop),
        migrations.RunSQL(SAYS + refuse_rewriting(with_revocation=False), refuse_rewriting(with_revocation=True)),
        migrations.RemoveConstraint(model_name="credential", name="credential_revocation_says_why"),
        migrations.RemoveField(model_name="credential", name="revoked_at"),
        migrations.RemoveField(model_name="credential", name="revocation_reason"),
    ]
