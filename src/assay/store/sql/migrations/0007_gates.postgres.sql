-- What a version must show before it gets an alias or enters a stage: the text as it was set, parsed when it is asked.

create table registered_model_gates (
  model_no bigint primary key references registered_models on delete cascade,
  rules text collate "C" not null,
  changed_at bigint not null,
  changed_by text collate "C" not null
);
