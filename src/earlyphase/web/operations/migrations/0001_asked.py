"""How often somebody asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The first step."""

    initial = True
    dependencies = []  # noqa: RUF012 - Django's own shape
    operations = [  # noqa: RUF012 - as above
        migrations.CreateModel(
            name="Asked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who", models.CharField(max_length=64)),
                ("window", models.BigIntegerField()),
                ("times", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("who", "window"), name="asked_once_a_window")],
            },
        ),
    ]
