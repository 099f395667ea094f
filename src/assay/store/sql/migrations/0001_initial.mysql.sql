-- Times are milliseconds since the epoch. `stage` is 'active' or 'deleted'.
-- Every table that would be sharded carries `experiment_id`.
-- Texts compare by code point and trailing spaces count; the driver writes utf8mb4_0900_bin on MySQL.
-- The infinities are stored as the two outermost finite doubles: see store/mysql/numbers.py.

create table experiments (
  experiment_id bigint auto_increment primary key,
  name varchar(500) not null unique,
  artifact_location longtext not null,
  stage varchar(20) not null,
  creation_time bigint not null,
  last_update_time bigint not null
) engine = innodb collate = utf8mb4_nopad_bin;

create table experiment_tags (
  experiment_id bigint not null,
  `key` varchar(250) not null,
  value longtext not null,
  primary key (experiment_id, `key`),
  foreign key (experiment_id) references experiments (experiment_id) on delete cascade
) engine = innodb collate = utf8mb4_nopad_bin;

create table runs (
  run_no bigint auto_increment primary key,
  run_id varchar(250) not null unique,
  experiment_id bigint not null,
  run_name longtext not null,
  user_id longtext not null,
  status varchar(20) not null,
  stage varchar(20) not null,
  start_time bigint not null,
  end_time bigint,
  deleted_at bigint,
  artifact_uri longtext not null,
  writer varchar(250),
  foreign key (experiment_id) references experiments (experiment_id),
  index runs_by_start (experiment_id, stage, start_time desc, run_id),
  index runs_by_state (experiment_id, stage, status, start_time, end_time),
  index runs_by_writer (writer)
) engine = innodb collate = utf8mb4_nopad_bin;

create table params (
  run_no bigint not null,
  `key` varchar(250) not null,
  experiment_id bigint not null,
  value longtext not null,
  number double,
  primary key (run_no, `key`),
  foreign key (run_no) references runs (run_no) on delete cascade,
  index params_by_value (experiment_id, `key`, value(191))
) engine = innodb collate = utf8mb4_nopad_bin;

create table tags (
  run_no bigint not null,
  `key` varchar(250) not null,
  experiment_id bigint not null,
  value longtext not null,
  primary key (run_no, `key`),
  foreign key (run_no) references runs (run_no) on delete cascade,
  index tags_by_value (experiment_id, `key`, value(191))
) engine = innodb collate = utf8mb4_nopad_bin;

-- One row a series. A NaN is null: a missing metric has no row at all.
create table metrics (
  run_no bigint not null,
  `key` varchar(250) not null,
  experiment_id bigint not null,
  count bigint not null,
  last_step bigint not null,
  last_time bigint not null,
  last_value double,
  first_step bigint not null,
  first_time bigint not null,
  first_value double,
  min_step bigint,
  min_time bigint,
  min_value double,
  max_step bigint,
  max_time bigint,
  max_value double,
  primary key (run_no, `key`),
  foreign key (run_no) references runs (run_no) on delete cascade,
  index metrics_by_last (experiment_id, `key`, last_value),
  index metrics_by_min (experiment_id, `key`, min_value),
  index metrics_by_max (experiment_id, `key`, max_value)
) engine = innodb collate = utf8mb4_nopad_bin;

-- The newest points of a series, as rows of 24 bytes, and how many more wait in loose chunks.
create table metric_tails (
  run_no bigint not null,
  `key` varchar(250) not null,
  loose bigint not null,
  points longblob not null,
  primary key (run_no, `key`),
  foreign key (run_no, `key`) references metrics (run_no, `key`) on delete cascade
) engine = innodb collate = utf8mb4_nopad_bin;

-- Older points: loose chunks hold rows as the tail does, sealed ones hold compressed columns.
create table metric_chunks (
  chunk_no bigint auto_increment primary key,
  run_no bigint not null,
  `key` varchar(250) not null,
  sealed bigint not null,
  count bigint not null,
  min_step bigint not null,
  max_step bigint not null,
  min_time bigint not null,
  max_time bigint not null,
  summary longblob not null,
  outline longblob not null,
  points longblob not null,
  foreign key (run_no, `key`) references metrics (run_no, `key`) on delete cascade,
  index metric_chunks_by_series (run_no, `key`)
) engine = innodb collate = utf8mb4_nopad_bin;

create table journals (
  writer varchar(250) primary key,
  seq bigint not null,
  updated_at bigint not null
) engine = innodb collate = utf8mb4_nopad_bin;

-- MySQL tells nobody that something was committed: each connection that writes counts its commits in a row of its own.
create table commits (
  slot bigint primary key,
  count bigint not null
) engine = innodb collate = utf8mb4_nopad_bin;

-- Rows to be locked by who is about to change what hashes to them, ahead of reading it.
create table claims (
  slot bigint primary key
) engine = innodb collate = utf8mb4_nopad_bin;

insert into claims (slot)
with recursive slots as (select 0 as slot union all select slot + 1 from slots where slot < 511)
select slot from slots;
