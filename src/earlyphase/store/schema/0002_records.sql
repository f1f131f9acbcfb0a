-- Registry records. A version is the JSON as it was given; everything in the other tables is made of it.
create table record_version (
    nct_id text not null,
    version int not null, -- in the order in which they were seen
    digest bytea not null, -- of the content, whatever the order of its keys
    shape text not null check (shape in ('v2', 'flat')),
    last_update text, -- as the record says it; null where it says none
    irregular int not null, -- how many of its fields and codes the registry's description does not have
    seen_at timestamptz not null,
    source text not null, -- the file and line where it was first seen
    content text not null,
    primary key (nct_id, version),
    unique (nct_id, digest)
);

-- What a record can be counted and filtered by. Records that agree in all of it share a row.
create table record_facet (
    facet int primary key generated always as identity,
    digest bytea not null unique,
    status text not null,
    study_type text not null,
    phases text[] not null,
    countries text[] not null
);

-- One row for each record, made of its current version. It is kept narrow, so that thousands can be counted in
-- milliseconds: the texts of the index and the card of a hit stand outside the row.
create table record_index (
    record int primary key generated always as identity,
    nct_id text not null unique,
    version int not null,
    facet int not null references record_facet,
    updated text not null, -- '' where unknown, as for the next
    started text not null,
    enrolment bigint not null, -- -1 where unknown
    card text not null,
    head tsvector not null, -- conditions, title and interventions
    words tsvector not null -- these and all other text
) with (toast_tuple_target = 128);
alter table record_index alter column card set storage external;
alter table record_index alter column head set storage external;
alter table record_index alter column words set storage external;
create index record_index_facet on record_index (facet);
create index record_index_updated on record_index (updated desc, nct_id desc);

create table record_site (
    record int not null references record_index,
    facility text not null,
    city text not null,
    country text not null,
    latitude double precision not null,
    longitude double precision not null
);
create index record_site_record on record_site (record);
create index record_site_place on record_site (latitude, longitude);

-- The distinct words of conditions and interventions, and the runs of three letters that they are made of: a mistyped
-- word shares most of them with the one that was meant.
create table record_word (
    word text primary key
);
create table record_word_piece (
    piece text not null,
    word text not null,
    primary key (piece, word)
);

create function word_pieces(word text) returns setof text language sql immutable parallel safe as $$
    select distinct substr('  ' || word || ' ', place, 3) from generate_series(1, char_length(word) + 1) place
$$;

-- The great-circle distance in kilometres, by the haversine formula on a sphere of the earth's mean radius (6371.0088 km).
create function distance_km(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
    returns double precision language sql immutable parallel safe as $$
    select 2 * 6371.0088 * asin(least(1, sqrt(
        sind((lat2 - lat1) / 2) ^ 2 + cosd(lat1) * cosd(lat2) * sind((lon2 - lon1) / 2) ^ 2)))
$$;

-- The role of the application reads records; it takes none in.
grant select on record_version, record_facet, record_index, record_site, record_word, record_word_piece to earlyphase_app;
