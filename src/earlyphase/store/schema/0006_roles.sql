-- Whose roles a study's delegation log names, so that somebody's studies are found without reading all of them.
create index journal_entry_of_roles on journal_entry ((((line::jsonb ->> 'payload')::jsonb) ->> 'person'))
    where record like 'role\_%';
