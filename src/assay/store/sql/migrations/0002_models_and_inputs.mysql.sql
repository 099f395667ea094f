-- Data by name and digest. `source_type` is null while only metrics have named it: no run has read it yet.
create table datasets (
  dataset_no bigint auto_increment primary key,
  experiment_id bigint not null,
  name varchar(500) not null,
  digest varchar(250) not null,
  source_type longtext,
  source longtext not null,
  dataset_schema longtext not null,
  profile longtext not null,
  unique (experiment_id, name, digest),
  foreign key (experiment_id) references experiments (experiment_id) on delete cascade,
  index datasets_by_digest (experiment_id, digest),
  index datasets_by_name (name, digest)
) engine = innodb collate = utf8mb4_nopad_bin;

-- What a run read, in the order logged. `tags` is a JSON object; `context` repeats the tag that searches ask for.
create table run_datasets (
  input_no bigint auto_increment primary key,
  run_no bigint not null,
  dataset_no bigint not null,
  experiment_id bigint not null,
  context varchar(500),
  tags longtext not null,
  unique (run_no, dataset_no),
  foreign key (run_no) references runs (run_no) on delete cascade,
  foreign key (dataset_no) references datasets (dataset_no) on delete cascade,
  index run_datasets_by_dataset (dataset_no, context),
  index run_datasets_by_context (experiment_id, context)
) engine = innodb collate = utf8mb4_nopad_bin;

-- Logged models that a run read ('input') or made ('output'), in the order logged. They need not be known here.
create table run_models (
  edge_no bigint auto_increment primary key,
  run_no bigint not null,
  experiment_id bigint not null,
  direction varchar(20) not null,
  model_id varchar(250) not null,
  step bigint not null,
  unique (run_no, direction, model_id),
  foreign key (run_no) references runs (run_no) on delete cascade,
  index run_models_by_model (model_id)
) engine = innodb collate = utf8mb4_nopad_bin;

-- `status` is the number that MLflow gives it.
create table logged_models (
  model_no bigint auto_increment primary key,
  model_id varchar(250) not null unique,
  experiment_id bigint not null,
  name varchar(500) not null,
  artifact_uri longtext not null,
  model_type varchar(500) not null,
  source_run_id varchar(250) not null,
  status bigint not null,
  status_message longtext not null,
  stage varchar(20) not null,
  creation_time bigint not null,
  last_update_time bigint not null,
  deleted_at bigint,
  foreign key (experiment_id) references experiments (experiment_id),
  index logged_models_by_creation (experiment_id, stage, creation_time desc, model_id),
  index logged_models_by_update (experiment_id, last_update_time),
  index logged_models_by_name (experiment_id, stage, name(250), creation_time desc, model_id),
  index logged_models_by_type (experiment_id, stage, model_type(250), creation_time desc, model_id),
  index logged_models_by_run (experiment_id, stage, source_run_id, creation_time desc, model_id)
) engine = innodb collate = utf8mb4_nopad_bin;

create table logged_model_params (
  model_no bigint not null,
  `key` varchar(255) not null,
  experiment_id bigint not null,
  value longtext not null,
  number double,
  primary key (model_no, `key`),
  foreign key (model_no) references logged_models (model_no) on delete cascade,
  index logged_model_params_by_value (experiment_id, `key`, value(191))
) engine = innodb collate = utf8mb4_nopad_bin;

create table logged_model_tags (
  model_no bigint not null,
  `key` varchar(255) not null,
  experiment_id bigint not null,
  value longtext not null,
  primary key (model_no, `key`),
  foreign key (model_no) references logged_models (model_no) on delete cascade,
  index logged_model_tags_by_value (experiment_id, `key`, value(191))
) engine = innodb collate = utf8mb4_nopad_bin;

-- One row a point, in the order logged; it goes with the run that logged it. A NaN is null; dataset 0 is none.
create table logged_model_points (
  point_no bigint auto_increment primary key,
  model_no bigint not null,
  `key` varchar(255) not null,
  experiment_id bigint not null,
  run_no bigint not null,
  dataset_no bigint not null,
  step bigint not null,
  time bigint not null,
  value double,
  unique (model_no, `key`, time, step, run_no, dataset_no, value),
  foreign key (model_no) references logged_models (model_no) on delete cascade,
  foreign key (run_no) references runs (run_no) on delete cascade,
  index logged_model_points_by_value (experiment_id, `key`, value),
  index logged_model_points_by_run (run_no)
) engine = innodb collate = utf8mb4_nopad_bin;


-- Files of runs and models whose rows are gone: deleted next, and then the row here.
create table removals (
  removal_no bigint auto_increment primary key,
  artifact_uri longtext not null
) engine = innodb collate = utf8mb4_nopad_bin;
