-- Made from the migrations by tools/snapshot_schema.py; do not edit.

CREATE TABLE `alias_changes` (
  `change_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `model_no` bigint(20) NOT NULL,
  `alias` varchar(255) NOT NULL,
  `version` bigint(20) DEFAULT NULL,
  `changed_at` bigint(20) NOT NULL,
  `changed_by` longtext NOT NULL,
  `note` longtext NOT NULL,
  PRIMARY KEY (`change_no`),
  KEY `alias_changes_by_alias` (`model_no`,`alias`,`change_no`),
  CONSTRAINT `alias_changes_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `audit` (
  `entry_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `happened_at` bigint(20) NOT NULL,
  `request_id` varchar(64) NOT NULL,
  `actor` varchar(500) NOT NULL,
  `credential` longtext NOT NULL,
  `address` varchar(250) NOT NULL,
  `action` varchar(250) NOT NULL,
  `resource` varchar(500) NOT NULL,
  `outcome` longtext NOT NULL,
  `detail` longtext NOT NULL,
  `digest` varchar(64) NOT NULL,
  PRIMARY KEY (`entry_no`),
  KEY `audit_by_actor` (`actor`,`entry_no`),
  KEY `audit_by_resource` (`resource`,`entry_no`),
  KEY `audit_by_action` (`action`,`actor`,`entry_no`),
  KEY `audit_by_address` (`address`,`action`,`entry_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `audit_head` (
  `place` bigint(20) NOT NULL,
  `digest` varchar(64) NOT NULL,
  PRIMARY KEY (`place`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `claims` (
  `slot` bigint(20) NOT NULL,
  PRIMARY KEY (`slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `commits` (
  `slot` bigint(20) NOT NULL,
  `count` bigint(20) NOT NULL,
  PRIMARY KEY (`slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `datasets` (
  `dataset_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `experiment_id` bigint(20) NOT NULL,
  `name` varchar(500) NOT NULL,
  `digest` varchar(250) NOT NULL,
  `source_type` longtext DEFAULT NULL,
  `source` longtext NOT NULL,
  `dataset_schema` longtext NOT NULL,
  `profile` longtext NOT NULL,
  PRIMARY KEY (`dataset_no`),
  UNIQUE KEY `experiment_id` (`experiment_id`,`name`,`digest`),
  KEY `datasets_by_digest` (`experiment_id`,`digest`),
  KEY `datasets_by_name` (`name`,`digest`),
  CONSTRAINT `datasets_ibfk_1` FOREIGN KEY (`experiment_id`) REFERENCES `experiments` (`experiment_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `experiment_tags` (
  `experiment_id` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `value` longtext NOT NULL,
  PRIMARY KEY (`experiment_id`,`key`),
  CONSTRAINT `experiment_tags_ibfk_1` FOREIGN KEY (`experiment_id`) REFERENCES `experiments` (`experiment_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `experiments` (
  `experiment_id` bigint(20) NOT NULL AUTO_INCREMENT,
  `name` varchar(500) NOT NULL,
  `artifact_location` longtext NOT NULL,
  `stage` varchar(20) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  PRIMARY KEY (`experiment_id`),
  UNIQUE KEY `name` (`name`),
  KEY `experiments_by_location` (`artifact_location`(191))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `grants` (
  `grant_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `role_no` bigint(20) NOT NULL,
  `kind` varchar(64) NOT NULL,
  `target` bigint(20) NOT NULL,
  `experiment_no` bigint(20) DEFAULT NULL,
  `model_no` bigint(20) DEFAULT NULL,
  `level` bigint(20) NOT NULL,
  PRIMARY KEY (`grant_no`),
  UNIQUE KEY `kind` (`kind`,`target`,`role_no`),
  KEY `grants_by_role` (`role_no`),
  KEY `grants_by_experiment` (`experiment_no`),
  KEY `grants_by_model` (`model_no`),
  CONSTRAINT `grants_ibfk_1` FOREIGN KEY (`role_no`) REFERENCES `roles` (`role_no`) ON DELETE CASCADE,
  CONSTRAINT `grants_ibfk_2` FOREIGN KEY (`experiment_no`) REFERENCES `experiments` (`experiment_id`) ON DELETE CASCADE,
  CONSTRAINT `grants_ibfk_3` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `identities` (
  `issuer` varchar(500) NOT NULL,
  `subject` varchar(255) NOT NULL,
  `user_no` bigint(20) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  PRIMARY KEY (`issuer`,`subject`),
  KEY `identities_by_user` (`user_no`),
  CONSTRAINT `identities_ibfk_1` FOREIGN KEY (`user_no`) REFERENCES `users` (`user_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `journals` (
  `writer` varchar(250) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `updated_at` bigint(20) NOT NULL,
  PRIMARY KEY (`writer`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `logged_model_params` (
  `model_no` bigint(20) NOT NULL,
  `key` varchar(255) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `value` longtext NOT NULL,
  `number` double DEFAULT NULL,
  PRIMARY KEY (`model_no`,`key`),
  KEY `logged_model_params_by_value` (`experiment_id`,`key`,`value`(191)),
  CONSTRAINT `logged_model_params_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `logged_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `logged_model_points` (
  `point_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `model_no` bigint(20) NOT NULL,
  `key` varchar(255) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `run_no` bigint(20) NOT NULL,
  `dataset_no` bigint(20) NOT NULL,
  `step` bigint(20) NOT NULL,
  `time` bigint(20) NOT NULL,
  `value` double DEFAULT NULL,
  PRIMARY KEY (`point_no`),
  UNIQUE KEY `model_no` (`model_no`,`key`,`time`,`step`,`run_no`,`dataset_no`,`value`),
  KEY `logged_model_points_by_value` (`experiment_id`,`key`,`value`),
  KEY `logged_model_points_by_run` (`run_no`),
  CONSTRAINT `logged_model_points_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `logged_models` (`model_no`) ON DELETE CASCADE,
  CONSTRAINT `logged_model_points_ibfk_2` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `logged_model_tags` (
  `model_no` bigint(20) NOT NULL,
  `key` varchar(255) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `value` longtext NOT NULL,
  PRIMARY KEY (`model_no`,`key`),
  KEY `logged_model_tags_by_value` (`experiment_id`,`key`,`value`(191)),
  CONSTRAINT `logged_model_tags_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `logged_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `logged_models` (
  `model_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `model_id` varchar(250) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `name` varchar(500) NOT NULL,
  `artifact_uri` longtext NOT NULL,
  `model_type` varchar(500) NOT NULL,
  `source_run_id` varchar(250) NOT NULL,
  `status` bigint(20) NOT NULL,
  `status_message` longtext NOT NULL,
  `stage` varchar(20) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  `deleted_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`model_no`),
  UNIQUE KEY `model_id` (`model_id`),
  KEY `logged_models_by_creation` (`experiment_id`,`stage`,`creation_time` DESC,`model_id`),
  KEY `logged_models_by_update` (`experiment_id`,`last_update_time`),
  KEY `logged_models_by_name` (`experiment_id`,`stage`,`name`(250),`creation_time` DESC,`model_id`),
  KEY `logged_models_by_type` (`experiment_id`,`stage`,`model_type`(250),`creation_time` DESC,`model_id`),
  KEY `logged_models_by_run` (`experiment_id`,`stage`,`source_run_id`,`creation_time` DESC,`model_id`),
  CONSTRAINT `logged_models_ibfk_1` FOREIGN KEY (`experiment_id`) REFERENCES `experiments` (`experiment_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `metric_chunks` (
  `chunk_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `run_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `sealed` bigint(20) NOT NULL,
  `count` bigint(20) NOT NULL,
  `min_step` bigint(20) NOT NULL,
  `max_step` bigint(20) NOT NULL,
  `min_time` bigint(20) NOT NULL,
  `max_time` bigint(20) NOT NULL,
  `summary` longblob NOT NULL,
  `outline` longblob NOT NULL,
  `points` longblob NOT NULL,
  PRIMARY KEY (`chunk_no`),
  KEY `metric_chunks_by_series` (`run_no`,`key`),
  CONSTRAINT `metric_chunks_ibfk_1` FOREIGN KEY (`run_no`, `key`) REFERENCES `metrics` (`run_no`, `key`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `metric_tails` (
  `run_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `loose` bigint(20) NOT NULL,
  `points` longblob NOT NULL,
  PRIMARY KEY (`run_no`,`key`),
  CONSTRAINT `metric_tails_ibfk_1` FOREIGN KEY (`run_no`, `key`) REFERENCES `metrics` (`run_no`, `key`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `metrics` (
  `run_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `count` bigint(20) NOT NULL,
  `last_step` bigint(20) NOT NULL,
  `last_time` bigint(20) NOT NULL,
  `last_value` double DEFAULT NULL,
  `first_step` bigint(20) NOT NULL,
  `first_time` bigint(20) NOT NULL,
  `first_value` double DEFAULT NULL,
  `min_step` bigint(20) DEFAULT NULL,
  `min_time` bigint(20) DEFAULT NULL,
  `min_value` double DEFAULT NULL,
  `max_step` bigint(20) DEFAULT NULL,
  `max_time` bigint(20) DEFAULT NULL,
  `max_value` double DEFAULT NULL,
  PRIMARY KEY (`run_no`,`key`),
  KEY `metrics_by_last` (`experiment_id`,`key`,`last_value`),
  KEY `metrics_by_min` (`experiment_id`,`key`,`min_value`),
  KEY `metrics_by_max` (`experiment_id`,`key`,`max_value`),
  KEY `metrics_by_first` (`experiment_id`,`key`,`first_value`),
  CONSTRAINT `metrics_ibfk_1` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `model_version_tags` (
  `version_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `value` longtext NOT NULL,
  PRIMARY KEY (`version_no`,`key`),
  KEY `model_version_tags_by_value` (`key`,`value`(191)),
  CONSTRAINT `model_version_tags_ibfk_1` FOREIGN KEY (`version_no`) REFERENCES `model_versions` (`version_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `model_versions` (
  `version_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `model_no` bigint(20) NOT NULL,
  `version` bigint(20) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  `description` longtext DEFAULT NULL,
  `stage` varchar(20) NOT NULL,
  `source` longtext NOT NULL,
  `location` longtext NOT NULL,
  `run_id` varchar(256) NOT NULL,
  `run_link` longtext NOT NULL,
  `model_id` varchar(256) NOT NULL,
  PRIMARY KEY (`version_no`),
  UNIQUE KEY `model_no` (`model_no`,`version`),
  KEY `model_versions_by_stage` (`model_no`,`stage`,`version`),
  KEY `model_versions_by_update` (`last_update_time` DESC,`model_no`),
  KEY `model_versions_by_run` (`run_id`,`version_no`),
  KEY `model_versions_by_source` (`source`(191),`version_no`),
  CONSTRAINT `model_versions_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `note_changes` (
  `change_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `run_no` bigint(20) NOT NULL,
  `changed_at` bigint(20) NOT NULL,
  `note` longtext NOT NULL,
  PRIMARY KEY (`change_no`),
  KEY `note_changes_by_run` (`run_no`,`change_no`),
  CONSTRAINT `note_changes_ibfk_1` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `params` (
  `run_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `value` longtext NOT NULL,
  `number` double DEFAULT NULL,
  PRIMARY KEY (`run_no`,`key`),
  KEY `params_by_value` (`experiment_id`,`key`,`number`,`value`(191)),
  CONSTRAINT `params_ibfk_1` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `protected_aliases` (
  `model_no` bigint(20) NOT NULL,
  `alias` varchar(250) NOT NULL,
  PRIMARY KEY (`model_no`,`alias`),
  CONSTRAINT `protected_aliases_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `registered_model_aliases` (
  `model_no` bigint(20) NOT NULL,
  `alias` varchar(255) NOT NULL,
  `version_no` bigint(20) NOT NULL,
  PRIMARY KEY (`model_no`,`alias`),
  KEY `registered_model_aliases_by_version` (`version_no`,`alias`),
  CONSTRAINT `registered_model_aliases_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE,
  CONSTRAINT `registered_model_aliases_ibfk_2` FOREIGN KEY (`version_no`) REFERENCES `model_versions` (`version_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `registered_model_gates` (
  `model_no` bigint(20) NOT NULL,
  `rules` longtext NOT NULL,
  `changed_at` bigint(20) NOT NULL,
  `changed_by` longtext NOT NULL,
  PRIMARY KEY (`model_no`),
  CONSTRAINT `registered_model_gates_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `registered_model_tags` (
  `model_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `value` longtext NOT NULL,
  PRIMARY KEY (`model_no`,`key`),
  KEY `registered_model_tags_by_value` (`key`,`value`(191)),
  CONSTRAINT `registered_model_tags_ibfk_1` FOREIGN KEY (`model_no`) REFERENCES `registered_models` (`model_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `registered_models` (
  `model_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `name` varchar(256) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  `description` longtext DEFAULT NULL,
  `last_version` bigint(20) NOT NULL,
  PRIMARY KEY (`model_no`),
  UNIQUE KEY `name` (`name`),
  KEY `registered_models_by_update` (`last_update_time` DESC,`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `removals` (
  `removal_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `artifact_uri` longtext NOT NULL,
  PRIMARY KEY (`removal_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `reports` (
  `report_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `report_id` varchar(250) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `title` varchar(500) NOT NULL,
  `body` longtext NOT NULL,
  `frozen` longtext NOT NULL,
  `revision` bigint(20) NOT NULL,
  `created_by` longtext NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  PRIMARY KEY (`report_no`),
  UNIQUE KEY `report_id` (`report_id`),
  KEY `reports_by_time` (`experiment_id`,`last_update_time` DESC,`report_no`),
  CONSTRAINT `reports_ibfk_1` FOREIGN KEY (`experiment_id`) REFERENCES `experiments` (`experiment_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `role_members` (
  `member_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `role_no` bigint(20) NOT NULL,
  `user_no` bigint(20) NOT NULL,
  `origin` varchar(64) NOT NULL,
  PRIMARY KEY (`member_no`),
  UNIQUE KEY `user_no` (`user_no`,`role_no`),
  KEY `role_members_by_role` (`role_no`),
  CONSTRAINT `role_members_ibfk_1` FOREIGN KEY (`role_no`) REFERENCES `roles` (`role_no`) ON DELETE CASCADE,
  CONSTRAINT `role_members_ibfk_2` FOREIGN KEY (`user_no`) REFERENCES `users` (`user_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `roles` (
  `role_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `name` varchar(500) NOT NULL,
  `description` longtext NOT NULL,
  `owner_no` bigint(20) DEFAULT NULL,
  `creation_time` bigint(20) NOT NULL,
  PRIMARY KEY (`role_no`),
  UNIQUE KEY `name` (`name`),
  UNIQUE KEY `owner_no` (`owner_no`),
  CONSTRAINT `roles_ibfk_1` FOREIGN KEY (`owner_no`) REFERENCES `users` (`user_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `run_datasets` (
  `input_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `run_no` bigint(20) NOT NULL,
  `dataset_no` bigint(20) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `context` varchar(500) DEFAULT NULL,
  `tags` longtext NOT NULL,
  PRIMARY KEY (`input_no`),
  UNIQUE KEY `run_no` (`run_no`,`dataset_no`),
  KEY `run_datasets_by_dataset` (`dataset_no`,`context`),
  KEY `run_datasets_by_context` (`experiment_id`,`context`),
  CONSTRAINT `run_datasets_ibfk_1` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE,
  CONSTRAINT `run_datasets_ibfk_2` FOREIGN KEY (`dataset_no`) REFERENCES `datasets` (`dataset_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `run_models` (
  `edge_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `run_no` bigint(20) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `direction` varchar(20) NOT NULL,
  `model_id` varchar(250) NOT NULL,
  `step` bigint(20) NOT NULL,
  PRIMARY KEY (`edge_no`),
  UNIQUE KEY `run_no` (`run_no`,`direction`,`model_id`),
  KEY `run_models_by_model` (`model_id`),
  CONSTRAINT `run_models_ibfk_1` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `runs` (
  `run_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `run_id` varchar(250) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `run_name` longtext NOT NULL,
  `user_id` longtext NOT NULL,
  `status` varchar(20) NOT NULL,
  `stage` varchar(20) NOT NULL,
  `start_time` bigint(20) NOT NULL,
  `end_time` bigint(20) DEFAULT NULL,
  `deleted_at` bigint(20) DEFAULT NULL,
  `artifact_uri` longtext NOT NULL,
  `writer` varchar(250) DEFAULT NULL,
  PRIMARY KEY (`run_no`),
  UNIQUE KEY `run_id` (`run_id`),
  KEY `runs_by_start` (`experiment_id`,`stage`,`start_time` DESC,`run_id`),
  KEY `runs_by_state` (`experiment_id`,`stage`,`status`,`start_time`,`end_time`),
  KEY `runs_by_writer` (`writer`),
  KEY `runs_by_end` (`stage`,`status`,`end_time`,`start_time`),
  KEY `runs_by_name` (`run_name`(191)),
  CONSTRAINT `runs_ibfk_1` FOREIGN KEY (`experiment_id`) REFERENCES `experiments` (`experiment_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `saved_views` (
  `view_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `experiment_id` bigint(20) NOT NULL,
  `name` varchar(500) NOT NULL,
  `address` longtext NOT NULL,
  `is_default` bigint(20) NOT NULL,
  `created_by` longtext NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  PRIMARY KEY (`view_no`),
  UNIQUE KEY `experiment_id` (`experiment_id`,`name`),
  CONSTRAINT `saved_views_ibfk_1` FOREIGN KEY (`experiment_id`) REFERENCES `experiments` (`experiment_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `schema_progress` (
  `number` int(11) NOT NULL,
  `done` int(11) NOT NULL,
  PRIMARY KEY (`number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `schema_version` (
  `number` int(11) NOT NULL,
  `name` text NOT NULL,
  PRIMARY KEY (`number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `sessions` (
  `session_hash` varchar(64) NOT NULL,
  `session_id` varchar(64) NOT NULL,
  `user_no` bigint(20) NOT NULL,
  `address` varchar(250) NOT NULL,
  `agent` longtext NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `expiry_time` bigint(20) NOT NULL,
  `last_used` bigint(20) NOT NULL,
  PRIMARY KEY (`session_hash`),
  UNIQUE KEY `session_id` (`session_id`),
  KEY `sessions_by_user` (`user_no`),
  CONSTRAINT `sessions_ibfk_1` FOREIGN KEY (`user_no`) REFERENCES `users` (`user_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `tags` (
  `run_no` bigint(20) NOT NULL,
  `key` varchar(250) NOT NULL,
  `experiment_id` bigint(20) NOT NULL,
  `value` longtext NOT NULL,
  PRIMARY KEY (`run_no`,`key`),
  KEY `tags_by_value` (`experiment_id`,`key`,`value`(191)),
  CONSTRAINT `tags_ibfk_1` FOREIGN KEY (`run_no`) REFERENCES `runs` (`run_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `tokens` (
  `token_id` varchar(64) NOT NULL,
  `user_no` bigint(20) NOT NULL,
  `name` varchar(500) NOT NULL,
  `secret_hash` varchar(64) NOT NULL,
  `scope` varchar(64) NOT NULL,
  `kind` varchar(64) NOT NULL,
  `target` varchar(500) NOT NULL,
  `created_by` longtext NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `expiry_time` bigint(20) NOT NULL,
  `last_used` bigint(20) NOT NULL,
  PRIMARY KEY (`token_id`),
  KEY `tokens_by_user` (`user_no`),
  CONSTRAINT `tokens_ibfk_1` FOREIGN KEY (`user_no`) REFERENCES `users` (`user_no`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `users` (
  `user_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `username` varchar(500) NOT NULL,
  `password_hash` longtext NOT NULL,
  `is_admin` bigint(20) NOT NULL,
  `origin` varchar(64) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `changed_at` bigint(20) NOT NULL,
  PRIMARY KEY (`user_no`),
  UNIQUE KEY `username` (`username`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `webhook_deliveries` (
  `delivery_no` bigint(20) NOT NULL AUTO_INCREMENT,
  `delivery_id` varchar(250) NOT NULL,
  `webhook_id` varchar(250) NOT NULL,
  `body` longtext NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `due_time` bigint(20) DEFAULT NULL,
  `attempts` bigint(20) NOT NULL,
  `error` longtext DEFAULT NULL,
  PRIMARY KEY (`delivery_no`),
  UNIQUE KEY `delivery_id` (`delivery_id`),
  KEY `webhook_deliveries_by_time` (`due_time`,`webhook_id`),
  KEY `webhook_deliveries_by_webhook` (`webhook_id`,`delivery_no`),
  KEY `webhook_deliveries_by_age` (`creation_time`),
  CONSTRAINT `webhook_deliveries_ibfk_1` FOREIGN KEY (`webhook_id`) REFERENCES `webhooks` (`webhook_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `webhook_events` (
  `webhook_id` varchar(250) NOT NULL,
  `entity` varchar(50) NOT NULL,
  `action` varchar(50) NOT NULL,
  PRIMARY KEY (`webhook_id`,`entity`,`action`),
  KEY `webhook_events_by_kind` (`entity`,`action`,`webhook_id`),
  CONSTRAINT `webhook_events_ibfk_1` FOREIGN KEY (`webhook_id`) REFERENCES `webhooks` (`webhook_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `webhooks` (
  `webhook_id` varchar(250) NOT NULL,
  `name` varchar(250) NOT NULL,
  `description` longtext DEFAULT NULL,
  `url` longtext NOT NULL,
  `status` varchar(20) NOT NULL,
  `creation_time` bigint(20) NOT NULL,
  `last_update_time` bigint(20) NOT NULL,
  `secret` longtext DEFAULT NULL,
  PRIMARY KEY (`webhook_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

