-- Made from the migrations by tools/snapshot_schema.py; do not edit.

create table experiment_tags (
  experiment_id integer not null references experiments on delete cascade,
  key text not null,
  value text not null,
  primary key (experiment_id, key)
) without rowid;

create table experiments (
  experiment_id integer primary key autoincrement,
  name text not null unique,
  artifact_location text not null,
  stage text not null,
  creation_time integer not null,
  last_update_time integer not null
);

create table journals (
  writer text primary key,
  seq integer not null,
  updated_at integer not null
) without rowid;

create table metric_chunks (
  chunk_no integer primary key,
  run_no integer not null,
  key text not null,
  sealed integer not null,
  count integer not null,
  min_step integer not null,
  max_step integer not null,
  min_time integer not null,
  max_time integer not null,
  summary blob not null,
  outline blob not null,
  points blob not null,
  foreign key (run_no, key) references metrics on delete cascade
);

create index metric_chunks_by_series on metric_chunks (run_no, key);

create table metric_tails (
  run_no integer not null,
  key text not null,
  loose integer not null,
  points blob not null,
  primary key (run_no, key),
  foreign key (run_no, key) references metrics on delete cascade
) without rowid;

create table metrics (
  run_no integer not null references runs on delete cascade,
  key text not null,
  experiment_id integer not null,
  count integer not null,
  last_step integer not null,
  last_time integer not null,
  last_value real,
  first_step integer not null,
  first_time integer not null,
  first_value real,
  min_step integer,
  min_time integer,
  min_value real,
  max_step integer,
  max_time integer,
  max_value real,
  primary key (run_no, key)
) without rowid;

create index metrics_by_last on metrics (experiment_id, key, last_value);

create index metrics_by_max on metrics (experiment_id, key, max_value);

create index metrics_by_min on metrics (experiment_id, key, min_value);

create table params (
  run_no integer not null references runs on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  number real,
  primary key (run_no, key)
) without rowid;

create index params_by_value on params (experiment_id, key, value);

create table runs (
  run_no integer primary key,
  run_id text not null unique,
  experiment_id integer not null references experiments,
  run_name text not null,
  user_id text not null,
  status text not null,
  stage text not null,
  start_time integer not null,
  end_time integer,
  deleted_at integer,
  artifact_uri text not null,
  writer text
);

create index runs_by_start on runs (experiment_id, stage, start_time desc, run_id);

create index runs_by_state on runs (experiment_id, stage, status, start_time, end_time);

create index runs_by_writer on runs (writer) where writer is not null;

create table tags (
  run_no integer not null references runs on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  primary key (run_no, key)
) without rowid;

create index tags_by_value on tags (experiment_id, key, value);

