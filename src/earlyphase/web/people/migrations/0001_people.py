"""People and their roles; the database keeps both rows and user names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower

from earlyphase.web.people.models import fresh_sessions

ROLES = ["investigator", "coordinator", "committee", "statistician", "sponsor", "monitor"]

KEEP = """
create function person_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'a person is never removed, and a user name never changes: deactivate the person';
end $$;
create trigger person_kept before delete or truncate on people_person
    for each statement execute function person_is_kept();
create trigger person_name_kept before update of username on people_person
    for each row when (old.username is distinct from new.username) execute function person_is_kept();
"""


class Migration(migrations.Migration):
    """The first step."""

    initial = True
    dependencies = []  # noqa: RUF012 - Django's own shape
    operations = [  # noqa: RUF012 - as above
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60)),
                ("full_name", models.CharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("sessions_of", models.CharField(default=fresh_sessions, max_length=32)),
            ],
            options={
                "constraints": [models.UniqueConstraint(Lower("username"), name="person_username_once")],
            },
        ),
        migrations.CreateModel(
            name="StudyRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=60)),
                ("role", models.CharField(choices=[(role, role) for role in ROLES], max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="study_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "study"), name="one_role_of_a_person_in_a_study"),
                    models.CheckConstraint(condition=models.Q(role__in=ROLES), name="role_is_known"),
                ],
            },
        ),
        migrations.RunSQL(KEEP),
    ]
