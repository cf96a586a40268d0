from django.db import migrations

from programs.tenancy import AppendOnly, SameProgram


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [
        SameProgram("matching_candidate", "one_id", "people_person"),
        SameProgram("matching_candidate", "other_id", "people_person"),
        SameProgram("matching_candidate", "merge_id", "people_merge"),
        SameProgram("matching_comparable", "particulars_id", "people_particulars"),
        SameProgram("matching_decided", "decision_id", "matching_decision"),
        SameProgram("matching_decided", "candidate_id", "matching_candidate"),
        SameProgram("matching_decided", "merge_id", "people_merge"),
        AppendOnly("matching_decided"),
    ]
