-- The journal. A line is stored byte for byte; every other column is read from it, so that they cannot differ.
create table journal_entry (
    line text not null,
    study text not null generated always as (line::jsonb ->> 'study') stored,
    seq bigint not null generated always as ((line::jsonb ->> 'seq')::bigint) stored,
    recorded_at text not null generated always as (line::jsonb ->> 'recorded_at') stored,
    recorded_by text not null generated always as (line::jsonb ->> 'recorded_by') stored,
    record text not null generated always as (line::jsonb ->> 'record') stored,
    participant text generated always as (line::jsonb ->> 'participant') stored,
    prev_hash text not null generated always as (line::jsonb ->> 'prev_hash') stored,
    hash text not null generated always as (line::jsonb ->> 'hash') stored,
    primary key (study, seq)
);
create index journal_entry_of_participant on journal_entry (study, participant, seq);

-- An entry follows the head of its study, and its hash is that of its bytes.
create function journal_entry_follows() returns trigger language plpgsql as $$
declare
    fields jsonb := new.line::jsonb;
    head record;
begin
    select seq, hash into head from journal_entry where study = fields ->> 'study' order by seq desc limit 1;
    if (fields ->> 'seq')::bigint <> coalesce(head.seq, 0) + 1
        or fields ->> 'prev_hash' <> coalesce(head.hash, repeat('0', 64)) then
        raise exception 'entry % does not follow entry % of study %', fields ->> 'seq', coalesce(head.seq, 0), fields ->> 'study'
            using errcode = 'EP001';
    end if;
    if fields ->> 'hash' <> encode(sha256(convert_to(left(new.line, -75), 'UTF8')), 'hex') then
        raise exception 'entry % does not match its hash', fields ->> 'seq' using errcode = 'EP002';
    end if;
    return new;
end $$;
create trigger journal_entry_follows before insert on journal_entry for each row execute function journal_entry_follows();

-- Nothing that was written is changed or taken away, by whomever.
create function journal_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only: % is refused', tg_op using errcode = 'EP003';
end $$;
create trigger journal_entry_kept before update or delete or truncate on journal_entry
    for each statement execute function journal_is_append_only();

-- The role of the application: it may add and read, and nothing else.
do $$ begin
    if not exists (select from pg_roles where rolname = 'earlyphase_app') then
        create role earlyphase_app nologin;
    end if;
end $$;
grant select, insert on journal_entry to earlyphase_app;
