-- A param is looked up as a text or as the number that it spells: one index answers both.
alter table params
  drop index params_by_value,
  add index params_by_value (experiment_id, `key`, number, value(191));

alter table metrics add index metrics_by_first (experiment_id, `key`, first_value);
