-- On how many records of the collection each check fires: measured on a sample, after an import.
create table record_rate (
    "check" text primary key,
    fired int not null,
    records int not null, -- the size of the sample
    measured_on date not null
);

grant select on record_rate to earlyphase_app;
