-- What a version must show before it gets an alias or enters a stage: the text as it was set, parsed when it is asked.

create table registered_model_gates (
  model_no integer primary key references registered_models on delete cascade,
  rules text not null,
  changed_at integer not null,
  changed_by text not null
);
