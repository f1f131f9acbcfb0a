"""Identities and the log of access to them; the database adds to both, and writes down every change itself."""

from django.db import migrations, models
from django.db.models.functions import Now

KEPT = """
create function identity_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % is refused', tg_table_name, tg_op;
end $$;
create trigger identity_kept before update or delete or truncate on identity_identity
    for each statement execute function identity_is_append_only();
create trigger identity_access_kept before update or delete or truncate on identity_access
    for each statement execute function identity_is_append_only();

create function identity_change_is_logged() returns trigger language plpgsql as $$
begin
    insert into identity_access (study, participant, username, full_name, act, reason)
        values (new.study, new.participant, new.username, new.full_name, 'changed', new.reason);
    return null;
end $$;
create trigger identity_logged after insert on identity_identity
    for each row execute function identity_change_is_logged();

-- The only way for the application to read: whoever reads is written down first.
create function identity_read(of_study text, of_participant text, by_username text, by_full_name text, because text)
returns setof identity_identity language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if coalesce(trim(because), '') = '' then
        raise exception 'an identity is read for a reason';
    end if;
    insert into identity_access (study, participant, username, full_name, act, reason)
        values (of_study, of_participant, by_username, by_full_name, 'read', because);
    return query select * from identity_identity
        where study = of_study and participant = of_participant order by id;
end $$;
revoke all on function identity_read(text, text, text, text, text) from public;
grant execute on function identity_read(text, text, text, text, text) to earlyphase_app;
"""


class Migration(migrations.Migration):
    """The first step."""

    initial = True
    dependencies = []  # noqa: RUF012 - Django's own shape
    operations = [  # noqa: RUF012 - as above
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=60)),
                ("participant", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("contact", models.CharField(blank=True, max_length=500)),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("hospital_number", models.CharField(blank=True, max_length=60)),
                ("username", models.CharField(max_length=60)),
                ("full_name", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["study", "participant"], name="identity_of")],
            },
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=60)),
                ("participant", models.CharField(max_length=20)),
                ("username", models.CharField(max_length=60)),
                ("full_name", models.CharField(max_length=200)),
                ("act", models.CharField(max_length=10)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunSQL(KEPT),
    ]
