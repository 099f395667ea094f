-- Registered models are known by number, so that renaming one touches one row. `last_version` only grows: the number of
-- a deleted version is never given again. `location` is where the files are, once `source` has been followed.

create table registered_models (
  model_no integer primary key autoincrement,
  name text not null unique,
  creation_time integer not null,
  last_update_time integer not null,
  description text,
  last_version integer not null
);

create index registered_models_by_update on registered_models (last_update_time desc, name);

create table registered_model_tags (
  model_no integer not null references registered_models on delete cascade,
  key text not null,
  value text not null,
  primary key (model_no, key)
) without rowid;

create index registered_model_tags_by_value on registered_model_tags (key, value);

create table model_versions (
  version_no integer primary key autoincrement,
  model_no integer not null references registered_models on delete cascade,
  version integer not null,
  creation_time integer not null,
  last_update_time integer not null,
  description text,
  stage text not null,
  source text not null,
  location text not null,
  run_id text not null,
  run_link text not null,
  model_id text not null,
  unique (model_no, version)
);

create index model_versions_by_stage on model_versions (model_no, stage, version);

create index model_versions_by_update on model_versions (last_update_time desc, model_no);

create index model_versions_by_run on model_versions (run_id, version_no);

create index model_versions_by_source on model_versions (source, version_no);

create table model_version_tags (
  version_no integer not null references model_versions on delete cascade,
  key text not null,
  value text not null,
  primary key (version_no, key)
) without rowid;

create index model_version_tags_by_value on model_version_tags (key, value);

create table registered_model_aliases (
  model_no integer not null references registered_models on delete cascade,
  alias text not null,
  version_no integer not null references model_versions on delete cascade,
  primary key (model_no, alias)
) without rowid;

create index registered_model_aliases_by_version on registered_model_aliases (version_no, alias);
