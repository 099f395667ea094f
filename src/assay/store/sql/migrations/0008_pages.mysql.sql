-- What people keep of an experiment beside its runs: views of its pages, reports, and what the notes of its runs said.

create table saved_views (
  view_no bigint auto_increment primary key,
  experiment_id bigint not null,
  name varchar(500) not null,
  address longtext not null,
  is_default bigint not null,
  created_by longtext not null,
  creation_time bigint not null,
  last_update_time bigint not null,
  unique (experiment_id, name),
  foreign key (experiment_id) references experiments (experiment_id) on delete cascade
) engine = innodb collate = utf8mb4_nopad_bin;

create table reports (
  report_no bigint auto_increment primary key,
  report_id varchar(250) not null unique,
  experiment_id bigint not null,
  title varchar(500) not null,
  body longtext not null,
  frozen longtext not null,
  revision bigint not null,
  created_by longtext not null,
  creation_time bigint not null,
  last_update_time bigint not null,
  foreign key (experiment_id) references experiments (experiment_id) on delete cascade,
  index reports_by_time (experiment_id, last_update_time desc, report_no)
) engine = innodb collate = utf8mb4_nopad_bin;

create table note_changes (
  change_no bigint auto_increment primary key,
  run_no bigint not null,
  changed_at bigint not null,
  note longtext not null,
  foreign key (run_no) references runs (run_no) on delete cascade,
  index note_changes_by_run (run_no, change_no)
) engine = innodb collate = utf8mb4_nopad_bin;
