-- What is to be sent to a webhook is stored with the change that it tells of. `due_time` is when it may be tried next;
-- none, once it was given up.

create table webhooks (
  webhook_id text primary key,
  name text not null,
  description text,
  url text not null,
  status text not null,
  creation_time integer not null,
  last_update_time integer not null,
  secret text
) without rowid;

create table webhook_events (
  webhook_id text not null references webhooks on delete cascade,
  entity text not null,
  action text not null,
  primary key (webhook_id, entity, action)
) without rowid;

create index webhook_events_by_kind on webhook_events (entity, action, webhook_id);

create table webhook_deliveries (
  delivery_no integer primary key autoincrement,
  delivery_id text not null unique,
  webhook_id text not null references webhooks on delete cascade,
  body text not null,
  creation_time integer not null,
  due_time integer,
  attempts integer not null,
  error text
);

create index webhook_deliveries_by_time on webhook_deliveries (due_time, webhook_id);

create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, delivery_no);

create index webhook_deliveries_by_age on webhook_deliveries (creation_time);
