"""Roles are entries of the journals now; what happens to accounts is written down by the database itself."""

from django.db import migrations, models
from django.db.models.functions import Now

LOG = """
create function account_log_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the account log is append-only: % is refused', tg_op;
end $$;
create trigger account_log_kept before update or delete or truncate on people_accountentry
    for each statement execute function account_log_is_append_only();

create function account_is_logged() returns trigger language plpgsql as $$
declare
    who text := coalesce(nullif(current_setting('earlyphase.by', true), ''), 'the database itself');
begin
    if tg_op = 'INSERT' then
        insert into people_accountentry (username, what, by) values (new.username, 'added', who);
        return null;
    end if;
    if new.password is distinct from old.password then
        insert into people_accountentry (username, what, by) values (new.username, 'password set', who);
    end if;
    if new.full_name is distinct from old.full_name then
        insert into people_accountentry (username, what, by) values (new.username, 'full name changed', who);
    end if;
    if new.is_active is distinct from old.is_active then
        insert into people_accountentry (username, what, by)
            values (new.username, case when new.is_active then 'activated again' else 'deactivated' end, who);
    end if;
    return null;
end $$;
create trigger account_logged after insert or update on people_person
    for each row execute function account_is_logged();
"""


class Migration(migrations.Migration):
    """The second step."""

    dependencies = [("people", "0001_people")]  # noqa: RUF012 - Django's own shape
    operations = [  # noqa: RUF012 - as above
        migrations.DeleteModel(name="StudyRole"),
        migrations.CreateModel(
            name="AccountEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now())),
                ("username", models.CharField(max_length=255)),
                ("what", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=255)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("token", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.RunSQL(LOG),
    ]
