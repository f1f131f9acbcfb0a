"""A first password has to be changed by its person; the account log says why, too."""

from django.db import migrations, models

LOG = """
create or replace function account_is_logged() returns trigger language plpgsql as $$
declare
    who text := coalesce(nullif(current_setting('earlyphase.by', true), ''), 'the database itself');
    why text := coalesce(current_setting('earlyphase.because', true), '');
begin
    if tg_op = 'INSERT' then
        insert into people_accountentry (username, what, by, because) values (new.username, 'added', who, why);
        return null;
    end if;
    if new.password is distinct from old.password then
        insert into people_accountentry (username, what, by, because) values (
            new.username,
            case when new.first_until is null then 'password set' else 'first password issued' end, who, why);
    end if;
    if new.full_name is distinct from old.full_name then
        insert into people_accountentry (username, what, by, because)
            values (new.username, 'full name changed', who, why);
    end if;
    if new.is_active is distinct from old.is_active then
        insert into people_accountentry (username, what, by, because)
            values (new.username, case when new.is_active then 'activated again' else 'deactivated' end, who, why);
    end if;
    return null;
end $$;
"""


class Migration(migrations.Migration):
    """The third step."""

    dependencies = [("people", "0002_delegation_and_account_log")]  # noqa: RUF012 - Django's own shape
    operations = [  # noqa: RUF012 - as above
        migrations.AddField("person", "first_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "accountentry", "because", models.CharField(max_length=2000, default="", db_default="", blank=True)
        ),
        migrations.RunSQL(LOG, migrations.RunSQL.noop),
    ]
