-- By what an identity provider knows a user: its address and its own, unchanging name for that user.

create table identities (
  issuer text not null,
  subject text not null,
  user_no integer not null references users on delete cascade,
  creation_time integer not null,
  primary key (issuer, subject)
);

create index identities_by_user on identities (user_no);
