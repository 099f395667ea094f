-- The first page and the search over everything look across experiments: what ended last, names by how they begin.

create index runs_by_end on runs (stage, status, end_time, start_time);

create index runs_by_name on runs (run_name);
