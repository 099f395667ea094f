-- Registered models are known by number, so that renaming one touches one row. `last_version` only grows: the number of
-- a deleted version is never given again. `location` is where the files are, once `source` has been followed.

create table registered_models (
  model_no bigint auto_increment primary key,
  name varchar(256) not null unique,
  creation_time bigint not null,
  last_update_time bigint not null,
  description longtext,
  last_version bigint not null,
  index registered_models_by_update (last_update_time desc, name)
) engine = innodb collate = utf8mb4_nopad_bin;

create table registered_model_tags (
  model_no bigint not null,
  `key` varchar(250) not null,
  value longtext not null,
  primary key (model_no, `key`),
  foreign key (model_no) references registered_models (model_no) on delete cascade,
  index registered_model_tags_by_value (`key`, value(191))
) engine = innodb collate = utf8mb4_nopad_bin;

create table model_versions (
  version_no bigint auto_increment primary key,
  model_no bigint not null,
  version bigint not null,
  creation_time bigint not null,
  last_update_time bigint not null,
  description longtext,
  stage varchar(20) not null,
  source longtext not null,
  location longtext not null,
  run_id varchar(256) not null,
  run_link longtext not null,
  model_id varchar(256) not null,
  unique (model_no, version),
  foreign key (model_no) references registered_models (model_no) on delete cascade,
  index model_versions_by_stage (model_no, stage, version),
  index model_versions_by_update (last_update_time desc, model_no),
  index model_versions_by_run (run_id, version_no),
  index model_versions_by_source (source(191), version_no)
) engine = innodb collate = utf8mb4_nopad_bin;

create table model_version_tags (
  version_no bigint not null,
  `key` varchar(250) not null,
  value longtext not null,
  primary key (version_no, `key`),
  foreign key (version_no) references model_versions (version_no) on delete cascade,
  index model_version_tags_by_value (`key`, value(191))
) engine = innodb collate = utf8mb4_nopad_bin;

create table registered_model_aliases (
  model_no bigint not null,
  alias varchar(255) not null,
  version_no bigint not null,
  primary key (model_no, alias),
  foreign key (model_no) references registered_models (model_no) on delete cascade,
  foreign key (version_no) references model_versions (version_no) on delete cascade,
  index registered_model_aliases_by_version (version_no, alias)
) engine = innodb collate = utf8mb4_nopad_bin;
