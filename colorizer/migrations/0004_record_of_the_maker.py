from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat


def record_bundled_weights(apps, schema_editor):
    """Until now there were no others, and no picture was made with less detail than asked for."""
    pairs = apps.get_model("colorizer", "Colorization").objects
    pairs.filter(state="succeeded").update(
        weights_name=Concat(Value("compact-"), F("variant")), used_render_factor=F("render_factor")
    )


class Migration(migrations.Migration):

    dependencies = [
        ('colorizer', '0003_schedule'),
        ('gallery', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='colorization',
            name='colorization_result_iff_succeeded',
        ),
        migrations.AddField(
            model_name='colorization',
            name='used_render_factor',
            field=models.PositiveSmallIntegerField(editable=False, help_text='Less than asked for when memory ran out.', null=True),
        ),
        migrations.AddField(
            model_name='colorization',
            name='weights_name',
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.RunPython(record_bundled_weights, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='colorization',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('progress', 100), ('result_bytes__gt', 0), ('state', 'succeeded'), models.Q(('result', ''), _negated=True), models.Q(('preview', ''), _negated=True), models.Q(('thumbnail', ''), _negated=True)), models.Q(models.Q(('state', 'succeeded'), _negated=True), ('preview', ''), ('result', ''), ('result_bytes', None), ('thumbnail', '')), _connector='OR'), name='colorization_result_iff_succeeded'),
        ),
        migrations.AddConstraint(
            model_name='colorization',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'succeeded'), ('used_render_factor__isnull', False), models.Q(('weights_name', ''), _negated=True), models.Q(('weights_sha256', ''), _negated=True)), models.Q(models.Q(('state', 'succeeded'), _negated=True), ('used_render_factor', None), ('weights_name', ''), ('weights_sha256', '')), _connector='OR'), name='colorization_maker_iff_succeeded'),
        ),
        migrations.AddConstraint(
            model_name='colorization',
            constraint=models.CheckConstraint(condition=models.Q(('used_render_factor', None), models.Q(('used_render_factor__gte', 8), ('used_render_factor__lte', models.F('render_factor'))), _connector='OR'), name='colorization_used_render_factor_within_asked'),
        ),
    ]
