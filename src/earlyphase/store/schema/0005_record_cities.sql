-- Sites are found by the name of their city, too.
create index record_site_city on record_site (lower(city));
