-- Every set and deletion of an alias, the last by the greatest number. A version is kept by its number in the model,
-- which is never given again, so that what an alias stood for is known after the version is gone, too. Aliases of before
-- this table are noted as of now: since when they stand is not known.

create table alias_changes (
  change_no bigint auto_increment primary key,
  model_no bigint not null,
  alias varchar(255) not null,
  version bigint,
  changed_at bigint not null,
  changed_by longtext not null,
  note longtext not null,
  foreign key (model_no) references registered_models (model_no) on delete cascade,
  index alias_changes_by_alias (model_no, alias, change_no)
) engine = innodb collate = utf8mb4_nopad_bin;

insert into alias_changes (model_no, alias, version, changed_at, changed_by, note)
select a.model_no, a.alias, v.version, unix_timestamp() * 1000, '', 'set before history was kept'
from registered_model_aliases a join model_versions v on v.version_no = a.version_no;
