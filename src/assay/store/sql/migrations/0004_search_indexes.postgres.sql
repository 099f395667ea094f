-- A param is looked up as a text or as the number that it spells: one index answers both.
drop index params_by_value;

create index params_by_value on params (experiment_id, key, number, substr(value, 1, 250));

create index metrics_by_first on metrics (experiment_id, key, first_value);
