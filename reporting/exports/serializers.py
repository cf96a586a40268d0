"""The fields of the API. A published field is only ever added to; removal is announced one release ahead."""

from typing import Any

from rest_framework import serializers

from programs.models import Target
from reporting.exports.documents import NOT_FOR_PUBLICATION, FiguresDocument, MeasureEntry, ProgramDocument, TargetEntry
from reporting.pacing.pace import Pace, Stage
from reporting.publishing.models import Publication, PublishedFigure


class RuleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    explanation = serializers.ListField(child=serializers.CharField(), help_text="the rule in plain sentences")


class FreshnessSerializer(serializers.Serializer[Publication]):
    as_of = serializers.DateTimeField(help_text="the moment of the counts from which the figures were made")
    counted_until = serializers.DateTimeField(help_text="every fact recorded before this moment was counted")
    changed_at = serializers.DateTimeField(help_text="when a figure of the program last moved")


class TargetSerializer(serializers.Serializer[Target]):
    code = serializers.CharField()
    name = serializers.CharField()
    value = serializers.IntegerField(help_text="people")
    kind = serializers.ChoiceField(choices=Target.Kind.choices)
    starts_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True, help_text="null: no due date is known, so there is no pace")
    source = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields off the class
    grade = serializers.ChoiceField(choices=Target.Grade.choices, help_text="how good the source is")
    seen_on = serializers.DateField(help_text="when the source was read")
    measure_version = serializers.IntegerField(source="measure_version.number")


class PaceSerializer(serializers.Serializer[Pace]):
    """Computed from the published total, as of the day of the figures, against the straight line to the target."""

    stage = serializers.ChoiceField(choices=[(stage.value, stage.value) for stage in Stage])
    share_of_target = serializers.FloatField(help_text="published people / target; 0.25 is a quarter")
    share_of_time = serializers.FloatField(help_text="from 0 to 1")
    planned_people = serializers.IntegerField(source="planned", help_text="people on the straight line on that day")
    people_ahead = serializers.IntegerField(help_text="negative: behind")
    days_left = serializers.IntegerField()
    needed_a_day = serializers.FloatField(allow_null=True, help_text="people; null when no day is left")
    is_on_track = serializers.BooleanField()


class TargetWithPaceSerializer(serializers.Serializer[TargetEntry]):
    target = TargetSerializer()
    pace = PaceSerializer(allow_null=True)


class MeasureSerializer(serializers.Serializer[MeasureEntry]):
    code = serializers.CharField(source="version.measure.code")
    name = serializers.CharField(source="version.measure.name")
    version = serializers.IntegerField(source="version.number")
    definition = serializers.CharField(help_text="what is counted, in two sentences")
    unit = serializers.CharField(source="version.unit")
    tag = serializers.CharField(source="version.tag", help_text="empty: any course")
    evidence = serializers.CharField(source="version.get_evidence_display", help_text="the least evidence that counts")
    starts_on = serializers.DateField(source="version.starts_on", allow_null=True)
    ends_on = serializers.DateField(source="version.ends_on", allow_null=True)
    employer_sizes = serializers.ListField(source="version.employer_sizes", child=serializers.CharField())
    geography = serializers.CharField(source="version.get_geography_display")


class MeasureWithTargetsSerializer(MeasureSerializer):
    targets = TargetSerializer(many=True)
    figures_url = serializers.CharField(help_text="address of the figures, on this server")


class ProgramSerializer(serializers.Serializer[ProgramDocument]):
    code = serializers.CharField(source="program.code")
    name = serializers.CharField(source="program.name")
    names = serializers.DictField(source="program.names", child=serializers.CharField(), help_text="by language")
    country = serializers.CharField(source="program.country", help_text="ISO 3166-1 alpha-2")
    time_zone = serializers.CharField(source="program.time_zone")
    rule = RuleSerializer()
    freshness = FreshnessSerializer(source="publication", allow_null=True, help_text="null: nothing published yet")
    measures = MeasureWithTargetsSerializer(many=True)


class FigureSerializer(serializers.Serializer[Any]):
    table = serializers.ChoiceField(choices=PublishedFigure.Table.choices)
    code = serializers.CharField(help_text="the row's code in the program's list; empty: the total, or not stated")
    name = serializers.CharField(help_text="in the language of Accept-Language where the program has it")
    people = serializers.IntegerField(allow_null=True, help_text="null where the rule hides the figure")
    shown = serializers.CharField(help_text="what to print, such as “14,580” or “fewer than 20”")
    exact = serializers.IntegerField(required=False, help_text="only with the scope figures:exact; not for publication")


class FiguresSerializer(serializers.Serializer[FiguresDocument]):
    program = serializers.CharField(source="program.code")
    measure = MeasureSerializer()
    targets = TargetWithPaceSerializer(many=True)
    rule = RuleSerializer()
    freshness = FreshnessSerializer(source="publication", allow_null=True, help_text="null: nothing published yet")
    exact_is = serializers.ChoiceField(
        choices=[NOT_FOR_PUBLICATION], required=False, help_text="present when the figures have `exact` beside them"
    )
    figures = FigureSerializer(many=True)


class FiguresQuery(serializers.Serializer[Any]):
    """The query parameters of the figures."""

    table = serializers.ListField(
        child=serializers.ChoiceField(choices=PublishedFigure.Table.choices),
        required=False,
        help_text="only this table; may be given several times",
    )
    format = serializers.ChoiceField(
        choices=["json", "csv"], required=False, help_text="wins over the Accept header; JSON without either"
    )
