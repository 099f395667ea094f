-- What is to be sent to a webhook is stored with the change that it tells of. `due_time` is when it may be tried next;
-- none, once it was given up.

create table webhooks (
  webhook_id varchar(250) primary key,
  name varchar(250) not null,
  description longtext,
  url longtext not null,
  status varchar(20) not null,
  creation_time bigint not null,
  last_update_time bigint not null,
  secret longtext
) engine = innodb collate = utf8mb4_nopad_bin;

create table webhook_events (
  webhook_id varchar(250) not null,
  entity varchar(50) not null,
  action varchar(50) not null,
  primary key (webhook_id, entity, action),
  foreign key (webhook_id) references webhooks (webhook_id) on delete cascade,
  index webhook_events_by_kind (entity, action, webhook_id)
) engine = innodb collate = utf8mb4_nopad_bin;

create table webhook_deliveries (
  delivery_no bigint auto_increment primary key,
  delivery_id varchar(250) not null unique,
  webhook_id varchar(250) not null,
  body longtext not null,
  creation_time bigint not null,
  due_time bigint,
  attempts bigint not null,
  error longtext,
  foreign key (webhook_id) references webhooks (webhook_id) on delete cascade,
  index webhook_deliveries_by_time (due_time, webhook_id),
  index webhook_deliveries_by_webhook (webhook_id, delivery_no),
  index webhook_deliveries_by_age (creation_time)
) engine = innodb collate = utf8mb4_nopad_bin;
