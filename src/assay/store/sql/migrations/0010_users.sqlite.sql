-- Who may do what: users, the roles that they have, what is granted to roles, and how users prove who they are.
-- The target of a grant is the number of an experiment or of a registered model, -1 for all of its kind.

create table users (
  user_no integer primary key,
  username text not null unique,
  password_hash text not null,
  is_admin integer not null,
  origin text not null,
  creation_time integer not null,
  changed_at integer not null
);

create table roles (
  role_no integer primary key,
  name text not null unique,
  description text not null,
  owner_no integer unique references users on delete cascade,
  creation_time integer not null
);

create table role_members (
  member_no integer primary key,
  role_no integer not null references roles on delete cascade,
  user_no integer not null references users on delete cascade,
  origin text not null,
  unique (user_no, role_no)
);

create index role_members_by_role on role_members (role_no);

create table grants (
  grant_no integer primary key,
  role_no integer not null references roles on delete cascade,
  kind text not null,
  target integer not null,
  experiment_no integer references experiments on delete cascade,
  model_no integer references registered_models on delete cascade,
  level integer not null,
  unique (kind, target, role_no)
);

create index grants_by_role on grants (role_no);
create index grants_by_experiment on grants (experiment_no);
create index grants_by_model on grants (model_no);

create table tokens (
  token_id text primary key,
  user_no integer not null references users on delete cascade,
  name text not null,
  secret_hash text not null,
  scope text not null,
  kind text not null,
  target text not null,
  created_by text not null,
  creation_time integer not null,
  expiry_time integer not null,
  last_used integer not null
);

create index tokens_by_user on tokens (user_no);

create table sessions (
  session_hash text primary key,
  session_id text not null unique,
  user_no integer not null references users on delete cascade,
  address text not null,
  agent text not null,
  creation_time integer not null,
  expiry_time integer not null,
  last_used integer not null
);

create index sessions_by_user on sessions (user_no);

create table audit (
  entry_no integer primary key,
  happened_at integer not null,
  request_id text not null,
  actor text not null,
  credential text not null,
  address text not null,
  action text not null,
  resource text not null,
  outcome text not null,
  detail text not null,
  digest text not null
);

-- The digest of the last entry, which the next one goes on from: one row, so that two writers cannot both go on from it.
create table audit_head (
  place integer primary key,
  digest text not null
);

create index audit_by_actor on audit (actor, entry_no);
create index audit_by_resource on audit (resource, entry_no);
create index audit_by_action on audit (action, actor, entry_no);
create index audit_by_address on audit (address, action, entry_no);

create table protected_aliases (
  model_no integer not null references registered_models on delete cascade,
  alias text not null,
  primary key (model_no, alias)
);

create index experiments_by_location on experiments (artifact_location);
