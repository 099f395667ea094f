-- By what an identity provider knows a user: its address and its own, unchanging name for that user.

create table identities (
  issuer varchar(500) not null,
  subject varchar(255) not null,
  user_no bigint not null,
  creation_time bigint not null,
  primary key (issuer, subject),
  foreign key (user_no) references users (user_no) on delete cascade,
  index identities_by_user (user_no)
) engine = innodb collate = utf8mb4_nopad_bin;
