-- Every set and deletion of an alias, the last by the greatest number. A version is kept by its number in the model,
-- which is never given again, so that what an alias stood for is known after the version is gone, too. Aliases of before
-- this table are noted as of now: since when they stand is not known.

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

insert into alias_changes (model_no, alias, version, changed_at, changed_by, note)
select a.model_no, a.alias, v.version, cast(strftime('%s', 'now') as integer) * 1000, '', 'set before history was kept'
from registered_model_aliases a join model_versions v on v.version_no = a.version_no;
