-- Who may do what: users, the roles that they have, what is granted to roles, and how users prove who they are.
-- The target of a grant is the number of an experiment or of a registered model, -1 for all of its kind.

create table users (
  user_no bigint auto_increment primary key,
  username varchar(500) not null unique,
  password_hash longtext not null,
  is_admin bigint not null,
  origin varchar(64) not null,
  creation_time bigint not null,
  changed_at bigint not null
) engine = innodb collate = utf8mb4_nopad_bin;

create table roles (
  role_no bigint auto_increment primary key,
  name varchar(500) not null unique,
  description longtext not null,
  owner_no bigint unique,
  creation_time bigint not null,
  foreign key (owner_no) references users (user_no) on delete cascade
) engine = innodb collate = utf8mb4_nopad_bin;

create table role_members (
  member_no bigint auto_increment primary key,
  role_no bigint not null,
  user_no bigint not null,
  origin varchar(64) not null,
  unique (user_no, role_no),
  foreign key (role_no) references roles (role_no) on delete cascade,
  foreign key (user_no) references users (user_no) on delete cascade,
  index role_members_by_role (role_no)
) engine = innodb collate = utf8mb4_nopad_bin;

create table grants (
  grant_no bigint auto_increment primary key,
  role_no bigint not null,
  kind varchar(64) not null,
  target bigint not null,
  experiment_no bigint,
  model_no bigint,
  level bigint not null,
  unique (kind, target, role_no),
  foreign key (role_no) references roles (role_no) on delete cascade,
  foreign key (experiment_no) references experiments (experiment_id) on delete cascade,
  foreign key (model_no) references registered_models (model_no) on delete cascade,
  index grants_by_role (role_no),
  index grants_by_experiment (experiment_no),
  index grants_by_model (model_no)
) engine = innodb collate = utf8mb4_nopad_bin;

create table tokens (
  token_id varchar(64) primary key,
  user_no bigint not null,
  name varchar(500) not null,
  secret_hash varchar(64) not null,
  scope varchar(64) not null,
  kind varchar(64) not null,
  target varchar(500) not null,
  created_by longtext not null,
  creation_time bigint not null,
  expiry_time bigint not null,
  last_used bigint not null,
  foreign key (user_no) references users (user_no) on delete cascade,
  index tokens_by_user (user_no)
) engine = innodb collate = utf8mb4_nopad_bin;

create table sessions (
  session_hash varchar(64) primary key,
  session_id varchar(64) not null unique,
  user_no bigint not null,
  address varchar(250) not null,
  agent longtext not null,
  creation_time bigint not null,
  expiry_time bigint not null,
  last_used bigint not null,
  foreign key (user_no) references users (user_no) on delete cascade,
  index sessions_by_user (user_no)
) engine = innodb collate = utf8mb4_nopad_bin;

create table audit (
  entry_no bigint auto_increment primary key,
  happened_at bigint not null,
  request_id varchar(64) not null,
  actor varchar(500) not null,
  credential longtext not null,
  address varchar(250) not null,
  action varchar(250) not null,
  resource varchar(500) not null,
  outcome longtext not null,
  detail longtext not null,
  digest varchar(64) not null,
  index audit_by_actor (actor, entry_no),
  index audit_by_resource (resource, entry_no),
  index audit_by_action (action, actor, entry_no),
  index audit_by_address (address, action, entry_no)
) engine = innodb collate = utf8mb4_nopad_bin;

-- The digest of the last entry, which the next one goes on from: one row, so that two writers cannot both go on from it.
create table audit_head (
  place bigint primary key,
  digest varchar(64) not null
) engine = innodb collate = utf8mb4_nopad_bin;

create table protected_aliases (
  model_no bigint not null,
  alias varchar(250) not null,
  primary key (model_no, alias),
  foreign key (model_no) references registered_models (model_no) on delete cascade
) engine = innodb collate = utf8mb4_nopad_bin;

create index experiments_by_location on experiments (artifact_location(191));
