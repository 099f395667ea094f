-- By what an identity provider knows a user: its address and its own, unchanging name for that user.

create table identities (
  issuer text collate "C" not null,
  subject text collate "C" not null,
  user_no bigint not null references users on delete cascade,
  creation_time bigint not null,
  primary key (issuer, subject)
);

create index identities_by_user on identities (user_no);
