from django.db import migrations

from programs.tenancy import AppendOnly, CheckedTogether, NeverDeleted, SameProgram


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0001_initial"),
        ("programs", "0007_tokens_of_partners"),
        ("achievements", "0008_many_facts"),  # since then a partner stays
    ]

    operations = [
        NeverDeleted("programs_apitoken"),
        AppendOnly("statements_statement"),
        SameProgram("statements_statement", "partner_id", "programs_partner"),
        SameProgram("statements_statement", "token_id", "programs_apitoken"),
        CheckedTogether("statements_statement", {"partner_id": "programs_partner", "token_id": "programs_apitoken"}),
        SameProgram("statements_arrival", "partner_id", "programs_partner"),
        SameProgram("statements_attachment", "partner_id", "programs_partner"),
        SameProgram("statements_document", "partner_id", "programs_partner"),
    ]
