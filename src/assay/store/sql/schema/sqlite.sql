-- Made from the migrations by tools/snapshot_schema.py; do not edit.

create table alias_changes (
  change_no integer primary key,
  model_no integer not null references registered_models on delete cascade,
  alias text not null,
  version integer,
  changed_at integer not null,
  changed_by text not null,
  note text not null
);

create index alias_changes_by_alias on alias_changes (model_no, alias, change_no);

create table audit (
  entry_no integer primary key,
  happened_at integer not null,
  request_id text not null,
  actor text not null,
  credential text not null,
  address text not null,
  action text not null,
  resource text not null,
  outcome text not null,
  detail text not null,
  digest text not null
);

create index audit_by_action on audit (action, actor, entry_no);

create index audit_by_actor on audit (actor, entry_no);

create index audit_by_address on audit (address, action, entry_no);

create index audit_by_resource on audit (resource, entry_no);

create table audit_head (
  place integer primary key,
  digest text not null
);

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

create index experiments_by_location on experiments (artifact_location);

create table grants (
  grant_no integer primary key,
  role_no integer not null references roles on delete cascade,
  kind text not null,
  target integer not null,
  experiment_no integer references experiments on delete cascade,
  model_no integer references registered_models on delete cascade,
  level integer not null,
  unique (kind, target, role_no)
);

create index grants_by_experiment on grants (experiment_no);

create index grants_by_model on grants (model_no);

create index grants_by_role on grants (role_no);

create table identities (
  issuer text not null,
  subject text not null,
  user_no integer not null references users on delete cascade,
  creation_time integer not null,
  primary key (issuer, subject)
);

create index identities_by_user on identities (user_no);

create table journals (
  writer text primary key,
  seq integer not null,
  updated_at integer not null
) without rowid;

create table logged_model_params (
  model_no integer not null references logged_models on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  number real,
  primary key (model_no, key)
) without rowid;

create index logged_model_params_by_value on logged_model_params (experiment_id, key, value);

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

create index logged_model_points_by_run on logged_model_points (run_no);

create index logged_model_points_by_value on logged_model_points (experiment_id, key, value);

create table logged_model_tags (
  model_no integer not null references logged_models on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  primary key (model_no, key)
) without rowid;

create index logged_model_tags_by_value on logged_model_tags (experiment_id, key, value);

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

create index logged_models_by_name on logged_models (experiment_id, stage, name, creation_time desc, model_id);

create index logged_models_by_run on logged_models (experiment_id, stage, source_run_id, creation_time desc, model_id);

create index logged_models_by_type on logged_models (experiment_id, stage, model_type, creation_time desc, model_id);

create index logged_models_by_update on logged_models (experiment_id, last_update_time);

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

create index metrics_by_first on metrics (experiment_id, key, first_value);

create index metrics_by_last on metrics (experiment_id, key, last_value);

create index metrics_by_max on metrics (experiment_id, key, max_value);

create index metrics_by_min on metrics (experiment_id, key, min_value);

create table model_version_tags (
  version_no integer not null references model_versions on delete cascade,
  key text not null,
  value text not null,
  primary key (version_no, key)
) without rowid;

create index model_version_tags_by_value on model_version_tags (key, value);

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

create index model_versions_by_run on model_versions (run_id, version_no);

create index model_versions_by_source on model_versions (source, version_no);

create index model_versions_by_stage on model_versions (model_no, stage, version);

create index model_versions_by_update on model_versions (last_update_time desc, model_no);

create table note_changes (
  change_no integer primary key,
  run_no integer not null references runs on delete cascade,
  changed_at integer not null,
  note text not null
);

create index note_changes_by_run on note_changes (run_no, change_no);

create table params (
  run_no integer not null references runs on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  number real,
  primary key (run_no, key)
) without rowid;

create index params_by_value on params (experiment_id, key, number, value);

create table protected_aliases (
  model_no integer not null references registered_models on delete cascade,
  alias text not null,
  primary key (model_no, alias)
);

create table registered_model_aliases (
  model_no integer not null references registered_models on delete cascade,
  alias text not null,
  version_no integer not null references model_versions on delete cascade,
  primary key (model_no, alias)
) without rowid;

create index registered_model_aliases_by_version on registered_model_aliases (version_no, alias);

create table registered_model_gates (
  model_no integer primary key references registered_models on delete cascade,
  rules text not null,
  changed_at integer not null,
  changed_by text not null
);

create table registered_model_tags (
  model_no integer not null references registered_models on delete cascade,
  key text not null,
  value text not null,
  primary key (model_no, key)
) without rowid;

create index registered_model_tags_by_value on registered_model_tags (key, value);

create table registered_models (
  model_no integer primary key autoincrement,
  name text not null unique,
  creation_time integer not null,
  last_update_time integer not null,
  description text,
  last_version integer not null
);

create index registered_models_by_update on registered_models (last_update_time desc, name);

create table removals (
  removal_no integer primary key,
  artifact_uri text not null
);

create table reports (
  report_no integer primary key,
  report_id text not null unique,
  experiment_id integer not null references experiments on delete cascade,
  title text not null,
  body text not null,
  frozen text not null,
  revision integer not null,
  created_by text not null,
  creation_time integer not null,
  last_update_time integer not null
);

create index reports_by_time on reports (experiment_id, last_update_time desc, report_no);

create table role_members (
  member_no integer primary key,
  role_no integer not null references roles on delete cascade,
  user_no integer not null references users on delete cascade,
  origin text not null,
  unique (user_no, role_no)
);

create index role_members_by_role on role_members (role_no);

create table roles (
  role_no integer primary key,
  name text not null unique,
  description text not null,
  owner_no integer unique references users on delete cascade,
  creation_time integer not null
);

create table run_datasets (
  input_no integer primary key,
  run_no integer not null references runs on delete cascade,
  dataset_no integer not null references datasets on delete cascade,
  experiment_id integer not null,
  context text,
  tags text not null,
  unique (run_no, dataset_no)
);

create index run_datasets_by_context on run_datasets (experiment_id, context);

create index run_datasets_by_dataset on run_datasets (dataset_no, context);

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

create index runs_by_end on runs (stage, status, end_time, start_time);

create index runs_by_name on runs (run_name);

create index runs_by_start on runs (experiment_id, stage, start_time desc, run_id);

create index runs_by_state on runs (experiment_id, stage, status, start_time, end_time);

create index runs_by_writer on runs (writer) where writer is not null;

create table saved_views (
  view_no integer primary key,
  experiment_id integer not null references experiments on delete cascade,
  name text not null,
  address text not null,
  is_default integer not null,
  created_by text not null,
  creation_time integer not null,
  last_update_time integer not null,
  unique (experiment_id, name)
);

create table sessions (
  session_hash text primary key,
  session_id text not null unique,
  user_no integer not null references users on delete cascade,
  address text not null,
  agent text not null,
  creation_time integer not null,
  expiry_time integer not null,
  last_used integer not null
);

create index sessions_by_user on sessions (user_no);

create table tags (
  run_no integer not null references runs on delete cascade,
  key text not null,
  experiment_id integer not null,
  value text not null,
  primary key (run_no, key)
) without rowid;

create index tags_by_value on tags (experiment_id, key, value);

create table tokens (
  token_id text primary key,
  user_no integer not null references users on delete cascade,
  name text not null,
  secret_hash text not null,
  scope text not null,
  kind text not null,
  target text not null,
  created_by text not null,
  creation_time integer not null,
  expiry_time integer not null,
  last_used integer not null
);

create index tokens_by_user on tokens (user_no);

create table users (
  user_no integer primary key,
  username text not null unique,
  password_hash text not null,
  is_admin integer not null,
  origin text not null,
  creation_time integer not null,
  changed_at integer not null
);

create table webhook_deliveries (
  delivery_no integer primary key autoincrement,
  delivery_id text not null unique,
  webhook_id text not null references webhooks on delete cascade,
  body text not null,
  creation_time integer not null,
  due_time integer,
  attempts integer not null,
  error text
);

create index webhook_deliveries_by_age on webhook_deliveries (creation_time);

create index webhook_deliveries_by_time on webhook_deliveries (due_time, webhook_id);

create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, delivery_no);

create table webhook_events (
  webhook_id text not null references webhooks on delete cascade,
  entity text not null,
  action text not null,
  primary key (webhook_id, entity, action)
) without rowid;

create index webhook_events_by_kind on webhook_events (entity, action, webhook_id);

create table webhooks (
  webhook_id text primary key,
  name text not null,
  description text,
  url text not null,
  status text not null,
  creation_time integer not null,
  last_update_time integer not null,
  secret text
) without rowid;

