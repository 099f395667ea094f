-- The first page and the search over everything look across experiments: what ended last, names by how they begin.

alter table runs
  add index runs_by_end (stage, status, end_time, start_time),
  add index runs_by_name (run_name(191));
