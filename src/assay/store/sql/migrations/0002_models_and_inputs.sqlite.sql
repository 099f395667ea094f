-- Data by name and digest. `source_type` is null while only metrics have named it: no run has read it yet.
create table datasets (
  dataset_no integer primary key,
  experiment_id integer not null references experiments on delete cascade,
  name text not null,
  digest text not null,
  source_type text,
  source text not null,
  dataset_schema text not null,
  profile text not null,
  unique (experiment_id, name, digest)
);

create index datasets_by_digest on datasets (experiment_id, digest);

create index datasets_by_name on datasets (name, digest);

-- What a run read, in the order logged. `tags` is a JSON object; `context` repeats the tag that searches ask for.
create table run_datasets (
  input_no integer primary key,
  run_no integer not null references runs on delete cascade,
  dataset_no integer not null references datasets on delete cascade,
  experiment_id integer not null,
  context text,
  tags text not null,
  unique (run_no, dataset_no)
);

create index run_datasets_by_dataset on run_datasets (dataset_no, context);

create index run_datasets_by_context on run_datasets (experiment_id, context);

-- Logged models that a run read ('input') or made ('output'), in the order logged. They need not be known here.
create table run_models (
  edge_no integer primary key,
  run_no integer not null references runs on delete cascade,
  experiment_id integer not null,
  direction text not null,
  model_id text not null,
  step integer not null,
  unique (run_no, direction, model_id)
);

create index run_models_by_model on run_models (model_id);

-- `status` is the number that MLflow gives it.
create table logged_models (
  model_no integer primary key,
  model_id text not null unique,
  experiment_id integer not null references experiments,
  name text not null,
  artifact_uri text not null,
  model_type text not null,
  source_run_id text not null,
  status integer not null,
  status_message text not null,
  stage text not null,
  creation_time integer not null,
  last_update_time integer not null,
  deleted_at integer
);

create index logged_models_by_creation on logged_models (experiment_id, stage, creation_time desc, model_id);

create index logged_models_by_update on logged_models (experiment_id, last_update_time);

create index logged_models_by_name on logged_models (experiment_id, stage, name, creation_time desc, model_id);

create index logged_models_by_type on logged_models (experiment_id, stage, model_type, creation_time desc, model_id);

create index logged_models_by_run on logged_models (experiment_id, stage, source_run_id, creation_time desc, model_id);

create table logged_model_params (
  model_no integer not null references logged_models on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  number real,
  primary key (model_no, key)
) without rowid;

create index logged_model_params_by_value on logged_model_params (experiment_id, key, value);

create table logged_model_tags (
  model_no integer not null references logged_models on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  primary key (model_no, key)
) without rowid;

create index logged_model_tags_by_value on logged_model_tags (experiment_id, key, value);

-- One row a point, in the order logged; it goes with the run that logged it. A NaN is null; dataset 0 is none.
create table logged_model_points (
  point_no integer primary key,
  model_no integer not null references logged_models on delete cascade,
  key text not null,
  experiment_id integer not null,
  run_no integer not null references runs on delete cascade,
  dataset_no integer not null,
  step integer not null,
  time integer not null,
  value real,
  unique (model_no, key, time, step, run_no, dataset_no, value)
);

create index logged_model_points_by_value on logged_model_points (experiment_id, key, value);

create index logged_model_points_by_run on logged_model_points (run_no);

-- Files of runs and models whose rows are gone: deleted next, and then the row here.
create table removals (
  removal_no integer primary key,
  artifact_uri text not null
);
