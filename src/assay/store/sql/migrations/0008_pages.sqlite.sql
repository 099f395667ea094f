-- What people keep of an experiment beside its runs: views of its pages, reports, and what the notes of its runs said.

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

create table note_changes (
  change_no integer primary key,
  run_no integer not null references runs on delete cascade,
  changed_at integer not null,
  note text not null
);

create index note_changes_by_run on note_changes (run_no, change_no);
