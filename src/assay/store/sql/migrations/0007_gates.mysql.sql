-- What a version must show before it gets an alias or enters a stage: the text as it was set, parsed when it is asked.

create table registered_model_gates (
  model_no bigint primary key,
  rules longtext not null,
  changed_at bigint not null,
  changed_by longtext not null,
  foreign key (model_no) references registered_models (model_no) on delete cascade
) engine = innodb collate = utf8mb4_nopad_bin;
