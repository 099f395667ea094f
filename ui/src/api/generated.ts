// Made from assay.wire by tools/gen.py; change the messages there and run it again.

/** A number; those that JSON cannot carry travel as text. */
export type Float = number | "NaN" | "Infinity" | "-Infinity";

/** Drop an upload and its parts. */
export interface AbortMultipartUpload {
  directory: string;
  path: string;
  upload_id: string;
}

/** Grant something to a role. */
export interface AddRolePermission {
  role_id: number;
  resource_type: string;
  resource_pattern: string;
  permission: string;
}

/** One set or deletion of an alias, at a time in milliseconds; `version` is empty where it stands for none. */
export interface AliasChange {
  alias: string;
  changed_at: number;
  version?: string;
  changed_by?: string;
  note?: string;
}

/** A page of the changes of an alias, the last first. */
export interface AliasHistoryResponse {
  changes?: Array<AliasChange>;
  next_page_token?: string;
}

/** The highest sequence number applied, and the records refused on the way (each told once). */
export interface AppliedResponse {
  seq: number;
  rejected?: Array<Rejection>;
}

/** Apply records of one writer in order, each exactly once: those at or below the stored sequence are skipped. */
export interface ApplyJournal {
  writer: string;
  seqs?: Array<number>;
  payloads?: Array<string>;
  lost?: boolean;
  ended_at?: number;
  damaged?: boolean;
}

/** Give a role to a user. */
export interface AssignRole {
  username: string;
  role_id: number;
}

/** Names of operations, in order. */
export interface AuditActionsResponse {
  actions: Array<string>;
}

/** What came of checking the chain: how many entries there are, and the first one that is not as it was written. */
export interface AuditCheckResponse {
  entries: number;
  broken: number;
  head: string;
}

/** Somebody did something, or tried to. */
export interface AuditEntry {
  number: number;
  time: number;
  request_id: string;
  actor: string;
  credential: string;
  address: string;
  action: string;
  resource: string;
  outcome: string;
  detail: string;
  digest: string;
}

/** Entries, the latest first; the token leads to older ones. */
export interface AuditResponse {
  entries: Array<AuditEntry>;
  next_page_token: string;
}

/** A group of runs by step: `counts[i]` runs have a finite value at `steps[i]`, on average `means[i]`. */
export interface Band {
  group: number;
  runs: number;
  points: number;
  finite: number;
  steps: Array<number>;
  counts: Array<number>;
  means: Array<Float | string | null>;
  deviations: Array<Float | string | null>;
  lows: Array<Float | string | null>;
  highs: Array<Float | string | null>;
}

/** Bands by group; groups without the metric are left out. */
export interface Bands {
  bands: Array<Band>;
}

/** The best of an experiment's main metric, and the run that has it; `direction` is `min` or `max`. */
export interface BestRun {
  experiment_id: string;
  metric: string;
  direction: string;
  value: Float;
  run_id: string;
  run_name: string;
}

/** The best runs; experiments without a main metric, or without a number there, are left out. */
export interface BestRuns {
  best: Array<BestRun>;
}

/** Delete or restore up to 1,000 experiments together with their runs, all or none. */
export interface ChangeExperiments {
  experiment_ids: Array<string>;
  lifecycle_stage: string;
}

/** Change up to 1,000 runs together, all or none: set and delete tags, delete, restore, move to an experiment. */
export interface ChangeRuns {
  run_ids: Array<string>;
  set_tags?: Array<RunTag>;
  delete_tags?: Array<string>;
  lifecycle_stage?: string | null;
  experiment_id?: string | null;
}

/** How many experiments a change was about. */
export interface ChangedExperiments {
  changed: number;
}

/** How many runs were changed. */
export interface ChangedRuns {
  changed: number;
}

/** Check that no entry was changed or taken away; also not since one had the digest `head`. */
export interface CheckAudit {
  head?: string;
}

/** Get what a version shows for each rule of the gate of an alias or stage, or of all gates. Nothing is changed. */
export interface CheckGates {
  name: string;
  version: string;
  alias?: string;
  stage?: string;
}

/** What a version showed for each rule, in the order of the text. */
export interface CheckGatesResponse {
  outcomes?: Array<GateOutcome>;
}

/** Make the parts of an upload one file. */
export interface CompleteMultipartUpload {
  directory: string;
  path: string;
  upload_id: string;
  parts?: Array<MultipartUploadPart>;
}

/** Create an experiment with a name that is not taken, not even by a deleted one. */
export interface CreateExperiment {
  name: string;
  artifact_location?: string | null;
  tags?: Array<ExperimentTag> | null;
}

/** Grant something on an experiment to a user to whom nothing is granted there. */
export interface CreateExperimentPermission {
  experiment_id: string;
  username: string;
  permission: string;
}

/** The id of the new experiment. */
export interface CreateExperimentResponse {
  experiment_id: string;
}

/** Create a logged model, pending until it is finalized. Without a name it is given one. */
export interface CreateLoggedModel {
  experiment_id: string;
  name?: string;
  model_type?: string;
  source_run_id?: string;
  model_id?: string;
  params?: Array<LoggedModelParameter>;
  tags?: Array<LoggedModelTag>;
}

/** Add a version to a registered model. Its number is one above the highest ever given. */
export interface CreateModelVersion {
  name: string;
  source: string;
  run_id?: string | null;
  tags?: Array<ModelVersionTag>;
  run_link?: string | null;
  description?: string | null;
  model_id?: string | null;
}

/** Begin an upload whose parts go straight to the object store; `path` is the file's name. */
export interface CreateMultipartUpload {
  directory: string;
  path: string;
  num_parts?: number;
}

/** An upload that has begun. */
export interface CreateMultipartUploadResponse {
  upload_id: string;
  credentials?: Array<MultipartUploadCredential>;
}

/** Get an address in the object store from which a file of a run is fetched. */
export interface CreatePresignedDownloadUrl {
  path: string;
  run_id: string;
  expiration?: number | null;
}

/** Get an address in the object store to which a file of a run or of a logged model is PUT. */
export interface CreatePresignedUploadUrl {
  path: string;
  run_id?: string;
  model_id?: string;
  expiration?: number | null;
}

/** Register a name for versions of a model. `deployment_job_id` is accepted, and kept nowhere. */
export interface CreateRegisteredModel {
  name: string;
  tags?: Array<RegisteredModelTag>;
  description?: string | null;
  deployment_job_id?: string | null;
}

/** Grant something on a registered model to a user to whom nothing is granted there. */
export interface CreateRegisteredModelPermission {
  name: string;
  username: string;
  permission: string;
}

/** Make a report of an experiment. */
export interface CreateReport {
  experiment_id: string;
  title: string;
  text?: string;
  created_by?: string;
}

/** Make a role. */
export interface CreateRole {
  name: string;
  workspace?: string;
  description?: string | null;
}

/** Start a run. `run_id` and `experiment_name` are Assay's own: a client that works offline names both itself. */
export interface CreateRun {
  experiment_id?: string | null;
  user_id?: string | null;
  run_name?: string | null;
  start_time?: number | null;
  tags?: Array<RunTag> | null;
  run_id?: string | null;
  experiment_name?: string | null;
}

/** Make a token of one's own; administrators make them for others, too. */
export interface CreateToken {
  name: string;
  scope?: string;
  resource_type?: string;
  resource_id?: string;
  days?: number | null;
  username?: string;
}

/** Add a user. A password has at least 12 characters, and is not one that everybody knows. */
export interface CreateUser {
  username: string;
  password: string;
}

/** Tell an address of changes to the registry. */
export interface CreateWebhook {
  name: string;
  url: string;
  events: Array<WebhookEvent>;
  description?: string | null;
  secret?: string | null;
  status?: string | null;
}

/** Who asks; `is_basic_auth` says that the user can have a password here. */
export interface CurrentUserResponse {
  user: User;
  is_basic_auth: boolean;
}

/** One metric of one run, thinned to at most two points (least and greatest) a bucket of steps. */
export interface Curve {
  run_id: string;
  key: string;
  count: number;
  steps: Array<number>;
  timestamps: Array<number>;
  values: Array<Float | string | null>;
}

/** Curves in the order asked for; series that do not exist are left out. */
export interface Curves {
  curves: Array<Curve>;
}

/** Data by name and digest (a short fingerprint of the content). `source`, `schema` and `profile` are JSON texts. */
export interface Dataset {
  name?: string;
  digest?: string;
  source_type?: string;
  source?: string;
  schema?: string;
  profile?: string;
}

/** A dataset that a run read. */
export interface DatasetInput {
  tags?: Array<InputTag>;
  dataset?: Dataset;
}

/** A dataset as an experiment's runs used it, once for each context. */
export interface DatasetSummary {
  experiment_id: string;
  name?: string;
  digest?: string;
  context?: string;
}

/** Delete a file or directory that the server keeps; a missing one is accepted. */
export interface DeleteArtifact {
  path: string;
}

/** Mark an experiment and its active runs as deleted; they can be restored. */
export interface DeleteExperiment {
  experiment_id: string;
}

/** Take back what is granted to a user on an experiment. */
export interface DeleteExperimentPermission {
  experiment_id: string;
  username: string;
}

/** Delete a tag of an experiment. */
export interface DeleteExperimentTag {
  experiment_id: string;
  key: string;
}

/** Mark a logged model as deleted. */
export interface DeleteLoggedModel {
  model_id: string;
}

/** Delete a tag of a logged model. */
export interface DeleteLoggedModelTag {
  model_id: string;
  tag_key: string;
}

/** Delete a version and the aliases that stand for it; its number is not given again. Files stay. */
export interface DeleteModelVersion {
  name: string;
  version: string;
}

/** Delete a tag of a version; a missing one is accepted. */
export interface DeleteModelVersionTag {
  name: string;
  version: string;
  key: string;
}

/** Delete a registered model with its versions, tags and aliases, for good. Files stay where they are. */
export interface DeleteRegisteredModel {
  name: string;
}

/** Delete an alias; a missing one is accepted. `changed_by` and `note`, Assay's own, are kept in its history. */
export interface DeleteRegisteredModelAlias {
  name: string;
  alias: string;
  changed_by?: string;
  note?: string;
}

/** Take back what is granted to a user on a registered model. */
export interface DeleteRegisteredModelPermission {
  name: string;
  username: string;
}

/** Delete a tag of a registered model; a missing one is accepted. */
export interface DeleteRegisteredModelTag {
  name: string;
  key: string;
}

/** Delete a report. */
export interface DeleteReport {
  report_id: string;
}

/** Delete a role with all that is granted to it. */
export interface DeleteRole {
  role_id: number;
}

/** Mark a run as deleted; it can be restored. */
export interface DeleteRun {
  run_id: string;
}

/** Delete a saved view. */
export interface DeleteSavedView {
  experiment_id: string;
  name: string;
}

/** Delete a tag of a run. */
export interface DeleteTag {
  run_id: string;
  key: string;
}

/** Delete a user, who cannot be oneself. */
export interface DeleteUser {
  username: string;
}

/** Delete a webhook, and what waits to be sent to it. */
export interface DeleteWebhook {
  webhook_id: string;
}

/** What is marked as deleted: an `experiment`, a `run` or a `model` (`kind`); `deleted_at` in milliseconds. */
export interface DeletedItem {
  kind: string;
  id: string;
  name: string;
  deleted_at: number;
  experiment_id: string;
  experiment_name: string;
  runs: number;
  permission: string;
}

/** What is marked as deleted, the last deleted first. */
export interface DeletedItems {
  items: Array<DeletedItem>;
  next_page_token: string;
}

/** Where the files of a version are. */
export interface DownloadUriResponse {
  artifact_uri?: string;
}

/** What a user may do in the end; `allowed` is whether that is USE or more, as MLflow has it. */
export interface EffectivePermissionResponse {
  allowed: boolean;
  permission: string;
}

/** An answer that says no more than that it was done. */
export type Empty = Record<string, never>;

/** Delete for good what is marked as deleted, rows and files, some of it a request. */
export interface EmptyTrash {
  experiment_ids?: Array<string>;
  run_ids?: Array<string>;
  model_ids?: Array<string>;
  deleted_before?: number | null;
  dry_run?: boolean;
  page_token?: string | null;
}

/** End a session of one's own; administrators end any. */
export interface EndSession {
  session_id: string;
}

/** A container of runs that answer one question. Times are milliseconds since the epoch. */
export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location?: string;
  lifecycle_stage?: string;
  last_update_time?: number;
  creation_time?: number;
  tags?: Array<ExperimentTag>;
  workspace?: string;
}

/** The activity of each experiment that was asked for and exists. */
export interface ExperimentActivities {
  activity: Array<ExperimentActivity>;
}

/** How busy an experiment is, and with whom. */
export interface ExperimentActivity {
  experiment_id: string;
  owner: string;
  newest_run: string;
  days: Array<number>;
}

/** An experiment with its saved views, by name. */
export interface ExperimentPage {
  experiment: Experiment;
  views?: Array<SavedView>;
  permission?: string;
}

/** What a user may do with an experiment. */
export interface ExperimentPermission {
  experiment_id: string;
  user_id: number;
  permission: string;
}

/** What a user may do with an experiment. */
export interface ExperimentPermissionResponse {
  experiment_permission: ExperimentPermission;
}

/** One experiment. */
export interface ExperimentResponse {
  experiment: Experiment;
}

/** Active experiments, the last active first. */
export interface ExperimentSummaries {
  experiments: Array<ExperimentSummary>;
}

/** An experiment with the counts that its list shows; `last_activity` in milliseconds. */
export interface ExperimentSummary {
  experiment_id: string;
  name: string;
  lifecycle_stage: string;
  creation_time: number;
  last_activity: number;
  runs: number;
  running: number;
  failed: number;
  note: string;
  permission: string;
}

/** A tag of an experiment. */
export interface ExperimentTag {
  key: string;
  value?: string;
}

/** A file or directory, by its path below the root of the run's artifacts; `file_size` in bytes. */
export interface FileInfo {
  path: string;
  is_dir: boolean;
  file_size?: number | null;
}

/** A part of a folder: its folders first, both by name; or of what was found below it, by path. */
export interface Files {
  names: Array<string>;
  sizes: Array<number | null>;
  start: number;
  total: number;
  folders: number;
  bytes: number | null;
  complete: boolean;
}

/** Say that a logged model is ready, or that its upload failed. `status` is a name or a number. */
export interface FinalizeLoggedModel {
  model_id: string;
  status: string | number;
}

/** Find runs, experiments, models, versions, reports, views and keys by a part of their name, whatever its case. */
export interface FindAnything {
  text: string;
  max_results?: number | null;
}

/** Something that a text was found in. */
export interface FoundItem {
  kind: string;
  id: string;
  label: string;
  experiment_id: string;
  experiment_name: string;
  status: string;
  time: number;
  version: string;
  match: string;
}

/** A few of each kind, the best match first. */
export interface FoundItems {
  items: Array<FoundItem>;
}

/** What a version showed for one rule. */
export interface GateOutcome {
  guards: string;
  line: number;
  rule: string;
  passed?: boolean;
  found?: string;
  wanted?: string;
}

/** One rule of a model's gates; `guards` is an alias with its `@`, or a stage. */
export interface GateRule {
  guards: string;
  line: number;
  rule: string;
}

/** The gates of a model as text, empty for none; when they were set, in milliseconds, and by whom, if known. */
export interface GatesResponse {
  rules?: string;
  changed_at?: number;
  changed_by?: string;
}

/** Get each set and deletion of an alias, the last first. */
export interface GetAliasHistory {
  name: string;
  alias: string;
  as_of?: number | null;
  max_results?: number | null;
  page_token?: string | null;
}

/** All that is granted to who asks. */
export type GetCurrentPermissions = Record<string, never>;

/** Who asks. */
export type GetCurrentUser = Record<string, never>;

/** Get an experiment by id, deleted ones too. */
export interface GetExperiment {
  experiment_id: string;
}

/** Get an experiment by name, deleted ones too. */
export interface GetExperimentByName {
  experiment_name: string;
}

/** What is granted to a user on an experiment. */
export interface GetExperimentPermission {
  experiment_id: string;
  username: string;
}

/** Get the gates of a registered model, as they were set. */
export interface GetGates {
  name: string;
}

/** Get the newest version in each of the given stages, or in all of them. */
export interface GetLatestVersions {
  name: string;
  stages?: Array<string>;
}

/** Get a logged model; a deleted one only with `allow_deleted`. */
export interface GetLoggedModel {
  model_id: string;
  allow_deleted?: boolean;
}

/** The points of one metric of a run, by timestamp, step, value; all of them unless `max_results` is given. */
export interface GetMetricHistory {
  metric_key: string;
  run_id?: string;
  run_uuid?: string;
  page_token?: string | null;
  max_results?: number | null;
}

/** The points of one metric of up to 100 runs (`run_id`, repeated), by run id, timestamp, step, value. */
export interface GetMetricHistoryBulk {
  metric_key: string;
  run_id?: Array<string>;
  max_results?: number | null;
}

/** Points of one metric of up to 100 runs, thinned: of each run at most `max_results`, spread over its steps. */
export interface GetMetricHistoryBulkInterval {
  metric_key: string;
  run_ids?: Array<string>;
  start_step?: number | null;
  end_step?: number | null;
  max_results?: number | null;
}

/** Get where a version comes from. It is named by its number, or by an alias; `latest` stands for the newest. */
export interface GetModelLineage {
  name: string;
  version?: string;
  alias?: string;
}

/** Get a version of a registered model. */
export interface GetModelVersion {
  name: string;
  version: string;
}

/** Get the version that an alias stands for; `latest` stands for the newest one. */
export interface GetModelVersionByAlias {
  name: string;
  alias: string;
}

/** Get where the files of a version are. */
export interface GetModelVersionDownloadUri {
  name: string;
  version: string;
}

/** Get what the note of a run has said, the latest first: of the last 100 changes. */
export interface GetNoteHistory {
  run_id: string;
}

/** Get an address in the object store for a file that the server keeps. */
export interface GetPresignedDownloadUrl {
  path: string;
}

/** Get a registered model by name. */
export interface GetRegisteredModel {
  name: string;
}

/** What is granted to a user on a registered model. */
export interface GetRegisteredModelPermission {
  name: string;
  username: string;
}

/** Get a report. */
export interface GetReport {
  report_id: string;
}

/** Get a role. */
export interface GetRole {
  role_id: number;
}

/** Get a run with what it recorded, deleted ones too. */
export interface GetRun {
  run_id?: string;
  run_uuid?: string;
}

/** What the server is and can do. */
export type GetServerInfo = Record<string, never>;

/** Get a user: oneself, or, for administrators, anybody. */
export interface GetUser {
  username: string;
}

/** What a user may do with a resource, all grants and the default considered. */
export interface GetUserPermission {
  username: string;
  resource_type: string;
  resource_id: string;
}

/** Get a webhook. */
export interface GetWebhook {
  webhook_id: string;
}

/** Grant something to one user. */
export interface GrantUserPermission {
  username: string;
  resource_type: string;
  resource_id: string;
  permission: string;
}

/** The last values of one metric in a group. Only numbers below 1e150 in size count; `std` (n - 1) needs two. */
export interface GroupedMetric {
  count: number;
  mean: Float;
  std: Float | null;
  min: Float;
  max: Float;
}

/** A role of a user; `origin` is where it was given: `manual` for here, or the identity provider that says so. */
export interface HeldRole {
  id: number;
  name: string;
  description: string;
  members: number;
  grants: number;
  origin: string;
}

/** What a user may do in the end; `role_ids` are the roles of the grants that count, one's own among them. */
export interface Holder {
  username: string;
  permission: string;
  is_admin: boolean;
  role_ids: Array<number>;
}

/** What is running, the last started first, and what ended lately, the last ended first. */
export interface Home {
  running: Array<HomeRun>;
  finished: Array<HomeRun>;
  failed: Array<HomeRun>;
  running_total: number;
}

/** A run on the first page, with the last value of its experiment's main metric. */
export interface HomeRun {
  run_id: string;
  run_name: string;
  experiment_id: string;
  experiment_name: string;
  status: string;
  start_time: number;
  end_time: number | null;
  metric: string;
  value: Float | string | null;
}

/** A label of what one run read; `mlflow.data.context` says what for: training, validation, test. */
export interface InputTag {
  key: string;
  value?: string;
}

/** What could not go, and why. */
export interface KeptItem {
  kind: string;
  id: string;
  reason: string;
}

/** The newest version in each stage. */
export interface LatestVersionsResponse {
  model_versions?: Array<ModelVersion>;
}

/** Data that the version's run read, or that its logged model was measured on. */
export interface LineageDataset {
  name: string;
  digest: string;
  source_type?: string;
  source?: string;
  contexts?: Array<string>;
  metrics?: Array<string>;
}

/** List one directory level of a run's artifacts. */
export interface ListArtifacts {
  run_id?: string;
  run_uuid?: string;
  path?: string | null;
  page_token?: string | null;
}

/** One directory level, sorted by path. */
export interface ListArtifactsResponse {
  root_uri?: string;
  files?: Array<FileInfo>;
  next_page_token?: string;
}

/** List the actions that the audit log remembers. */
export type ListAuditActions = Record<string, never>;

/** List one directory level of a logged model's files. */
export interface ListLoggedModelArtifacts {
  model_id: string;
  artifact_directory_path?: string;
  page_token?: string | null;
}

/** List the protected aliases of a model. */
export interface ListProtectedAliases {
  name: string;
}

/** List one directory level of what the server keeps, by the names in it. */
export interface ListProxiedArtifacts {
  path?: string;
}

/** List who may do what with an experiment or a registered model, and why. */
export interface ListResourceHolders {
  resource_type: string;
  resource_id: string;
}

/** List what is granted to a role. */
export interface ListRolePermissions {
  role_id: number;
}

/** List who has a role. */
export interface ListRoleUsers {
  role_id: number;
}

/** List roles. */
export interface ListRoles {
  workspace?: string | null;
}

/** Get the saved views of an experiment, by name. */
export interface ListSavedViews {
  experiment_id: string;
}

/** List where one is logged in; administrators list it of others, too. */
export interface ListSessions {
  username?: string;
}

/** List one's own tokens; administrators list those of others, too. */
export interface ListTokens {
  username?: string;
}

/** All that is granted to a user. */
export interface ListUserPermissions {
  username: string;
}

/** List the roles of a user. */
export interface ListUserRoles {
  username: string;
}

/** List users, at most 10,000; administrators are told everybody's roles, others their own. */
export type ListUsers = Record<string, never>;

/** List webhooks, the newest first. */
export interface ListWebhooks {
  max_results?: number | null;
  page_token?: string | null;
}

/** A page of webhooks. */
export interface ListWebhooksResponse {
  webhooks?: Array<Webhook>;
  next_page_token?: string;
}

/** A user with its roles; its own is not among them. */
export interface ListedUser {
  id: number;
  username: string;
  is_admin: boolean;
  roles: Array<Role>;
  origin: string;
}

/** Record metrics, params and tags of a run together: all of them, or none if one is not acceptable. */
export interface LogBatch {
  run_id?: string;
  metrics?: Array<Metric>;
  params?: Array<Param>;
  tags?: Array<RunTag>;
}

/** Record datasets and models that a run read. One that it read already keeps its first tags. */
export interface LogInputs {
  run_id: string;
  datasets?: Array<DatasetInput>;
  models?: Array<ModelInput>;
}

/** Record further params of a logged model. The same value again is accepted, another value is not. */
export interface LogLoggedModelParams {
  model_id: string;
  params?: Array<LoggedModelParameter>;
}

/** Record one point of a metric. An identical point is counted once. */
export interface LogMetric {
  key: string;
  value: Float;
  timestamp: number;
  run_id?: string;
  run_uuid?: string;
  step?: number;
  model_id?: string | null;
  dataset_name?: string | null;
  dataset_digest?: string | null;
}

/** Note in the run's tag `mlflow.log-model.history` that a model lies among its files (older clients do so). */
export interface LogModel {
  model_json: string;
  run_id?: string;
}

/** Record logged models that a run made. */
export interface LogOutputs {
  run_id: string;
  models?: Array<ModelOutput>;
}

/** Record a param. The same value again is accepted, another value is not. */
export interface LogParam {
  key: string;
  value?: string;
  run_id?: string;
  run_uuid?: string;
}

/** A model that was logged, with or without a run. */
export interface LoggedModel {
  info: LoggedModelInfo;
  data?: LoggedModelData;
}

/** What a logged model recorded: params by key, and every point of its metrics in the order logged. */
export interface LoggedModelData {
  params?: Array<LoggedModelParameter>;
  metrics?: Array<Metric>;
}

/** What a logged model is. Times are milliseconds since the epoch. */
export interface LoggedModelInfo {
  model_id: string;
  experiment_id: string;
  name: string;
  creation_timestamp_ms: number;
  last_updated_timestamp_ms: number;
  artifact_uri: string;
  status: string;
  model_type?: string;
  source_run_id?: string;
  status_message?: string;
  tags?: Array<LoggedModelTag>;
  registrations?: Array<LoggedModelRegistrationInfo>;
}

/** A setting of a logged model; it never changes once logged. */
export interface LoggedModelParameter {
  key: string;
  value?: string;
}

/** A version in the registry that was made from the model. */
export interface LoggedModelRegistrationInfo {
  name: string;
  version: string;
}

/** One logged model. */
export interface LoggedModelResponse {
  model: LoggedModel;
}

/** A label of a logged model; it can be changed. */
export interface LoggedModelTag {
  key: string;
  value?: string;
}

/** One point: `timestamp` in milliseconds since the epoch; `value` may be NaN or infinite. */
export interface Metric {
  key: string;
  value: Float;
  timestamp: number;
  step?: number;
  model_id?: string | null;
  dataset_name?: string | null;
  dataset_digest?: string | null;
  run_id?: string | null;
}

/** A dataset whose metrics count in a search; without a digest, every digest of that name. */
export interface MetricDataset {
  dataset_name: string;
  dataset_digest?: string;
}

/** A page of points. */
export interface MetricHistory {
  metrics?: Array<Metric>;
  next_page_token?: string;
}

/** Points of several runs, each with its run. */
export interface MetricPoints {
  metrics?: Array<Metric>;
}

/** The metrics that any of the runs has, by key. */
export interface MetricSummaries {
  metrics: Array<MetricSummary>;
}

/** A metric of some runs: how many have it, the most points that one of them has, and the steps it goes over. */
export interface MetricSummary {
  key: string;
  runs: number;
  points: number;
  first_step: number;
  last_step: number;
}

/** A logged model that a run read. */
export interface ModelInput {
  model_id: string;
}

/** A version, and what is known of where it comes from. */
export interface ModelLineageResponse {
  model_version: ModelVersion;
  run?: RunInfo | null;
  logged_model?: LoggedModelInfo | null;
  datasets?: Array<LineageDataset>;
  code?: Array<RunTag>;
}

/** What to order logged models by: an attribute, or `metrics.<key>`, on a dataset where one is named. */
export interface ModelOrder {
  field_name: string;
  ascending?: boolean;
  dataset_name?: string;
  dataset_digest?: string;
}

/** A logged model that a run made, at a step of its training. */
export interface ModelOutput {
  model_id: string;
  step?: number;
}

/** A registered model, its newest versions first, the last changes of its aliases, and its gates. */
export interface ModelPage {
  model: RegisteredModel;
  versions: VersionColumns;
  changes: Array<AliasChange>;
  gates: GatesResponse;
  rules: Array<GateRule>;
  permission: string;
  protected: Array<string>;
}

/** A page of registered models; `shown` are the newest version of each, and those that an alias stands for. */
export interface ModelSummaries {
  models: Array<RegisteredModel>;
  shown: VersionColumns;
  permissions: Array<string>;
  next_page_token: string;
}

/** One version of a registered model. Times are milliseconds since the epoch; `version` is a whole number. */
export interface ModelVersion {
  name: string;
  version: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  current_stage?: string;
  description?: string | null;
  source?: string;
  run_id?: string;
  status?: string;
  status_message?: string;
  tags?: Array<ModelVersionTag>;
  run_link?: string;
  aliases?: Array<string>;
  model_id?: string;
  user_id?: string;
}

/** One version of a model. */
export interface ModelVersionResponse {
  model_version: ModelVersion;
}

/** A label of one version of a model. */
export interface ModelVersionTag {
  key: string;
  value?: string;
}

/** Where one part of an upload is PUT. */
export interface MultipartUploadCredential {
  url: string;
  part_number: number;
  headers?: Record<string, string>;
}

/** A part that was sent: its number from 1 on, and the etag with which the store answered. */
export interface MultipartUploadPart {
  part_number: number;
  etag: string;
  url?: string;
}

/** Something that is granted; `name` is the name of the experiment or registered model, or `*`. */
export interface NamedGrant {
  id: number;
  role_id: number;
  resource_type: string;
  resource_id: string;
  name: string;
  permission: string;
}

/** A token, and the text that proves it: it is told this once, and cannot be read again. */
export interface NewTokenResponse {
  info: TokenInfo;
  token: string;
}

/** What the note of a run said from `changed_at` on, in milliseconds since the epoch; empty where it was deleted. */
export interface NoteChange {
  changed_at: number;
  note?: string;
}

/** What the note of a run said, the latest first. */
export interface NoteHistoryResponse {
  changes?: Array<NoteChange>;
}

/** A setting of a run; it never changes once logged. */
export interface Param {
  key: string;
  value?: string;
}

/** An address from which a file can be fetched for a while, and how large the file is in bytes. */
export interface PresignedDownloadUrlResponse {
  url: string;
  headers?: Record<string, string>;
  file_size?: number | null;
}

/** An address in the object store that works for a while; `file_size` in bytes, for a download. */
export interface PresignedUrlResponse {
  presigned_url: string;
  headers?: Record<string, string>;
  file_size?: number | null;
}

/** Have an alias be set, moved and deleted only by who manages the model, or, not `protected`, by who edits it. */
export interface ProtectAlias {
  name: string;
  alias: string;
  protected?: boolean;
}

/** The protected aliases of a model, by name. */
export interface ProtectedAliasesResponse {
  aliases: Array<string>;
}

/** A model under a name, with its tags, aliases, and the newest version in each stage that has one. */
export interface RegisteredModel {
  name: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  description?: string;
  latest_versions?: Array<ModelVersion>;
  tags?: Array<RegisteredModelTag>;
  aliases?: Array<RegisteredModelAlias>;
  deployment_job_id?: string;
  user_id?: string;
}

/** A name, such as `champion`, that stands for one version of a model and can be moved to another. */
export interface RegisteredModelAlias {
  alias: string;
  version: string;
}

/** What a user may do with a registered model. */
export interface RegisteredModelPermission {
  name: string;
  user_id: number;
  permission: string;
  workspace: string;
}

/** What a user may do with a registered model. */
export interface RegisteredModelPermissionResponse {
  registered_model_permission: RegisteredModelPermission;
}

/** One registered model. */
export interface RegisteredModelResponse {
  registered_model: RegisteredModel;
}

/** A label of a registered model. */
export interface RegisteredModelTag {
  key: string;
  value?: string;
}

/** A record that can never be applied, and why. */
export interface Rejection {
  seq: number;
  error_code: string;
  message: string;
}

/** Take back what is granted to a user alone, or to a role. */
export interface RemoveResourceGrant {
  resource_type: string;
  resource_id: string;
  username?: string;
  role_name?: string;
}

/** Take back what is granted to a role. */
export interface RemoveRolePermission {
  role_permission_id: number;
}

/** Give a registered model another name; versions, tags and aliases stay with it. */
export interface RenameRegisteredModel {
  name: string;
  new_name: string;
}

/** Give a saved view another name, which no other view of the experiment has. */
export interface RenameSavedView {
  experiment_id: string;
  name: string;
  new_name: string;
}

/** Keep these views of an experiment, and no others. */
export interface ReplaceSavedViews {
  experiment_id: string;
  views: Array<SavedView>;
  created_by?: string;
}

/** A page of Markdown with charts, which stand in it as blocks of code in the language `chart`. */
export interface Report {
  report_id: string;
  experiment_id: string;
  title: string;
  text?: string;
  frozen?: string;
  revision?: number;
  created_by?: string;
  creation_time?: number;
  last_update_time?: number;
}

/** One report. */
export interface ReportResponse {
  report: Report;
  permission?: string;
}

/** Something granted on one resource, or, with `*`, on all of its kind or on everything. */
export interface ResourceGrant {
  resource_type: string;
  resource_pattern: string;
  permission: string;
  role_id: number;
  role_name: string;
  username: string;
  members: number;
}

/** What is granted, on the resource itself first and to users first, and which users may do what by it, by name. */
export interface ResourceHoldersResponse {
  permission: string;
  default_permission: string;
  grants: Array<ResourceGrant>;
  holders: Array<Holder>;
  total: number;
}

/** Restore a deleted experiment and all its deleted runs. */
export interface RestoreExperiment {
  experiment_id: string;
}

/** Restore a deleted logged model, whose experiment is active. */
export interface RestoreLoggedModel {
  model_id: string;
}

/** Restore a deleted run. */
export interface RestoreRun {
  run_id: string;
}

/** Revoke a token of one's own; administrators revoke any. */
export interface RevokeToken {
  token_id: string;
}

/** Take back what is granted to one user. */
export interface RevokeUserPermission {
  username: string;
  resource_type: string;
  resource_id: string;
}

/** A role with all that is granted to it. */
export interface Role {
  id: number;
  name: string;
  description: string | null;
  workspace: string;
  permissions: Array<RolePermission>;
}

/** That a user has a role. */
export interface RoleAssignment {
  id: number;
  user_id: number;
  role_id: number;
  username: string;
  origin: string;
}

/** One membership. */
export interface RoleAssignmentResponse {
  assignment: RoleAssignment;
}

/** Who has a role, by name. */
export interface RoleAssignmentsResponse {
  assignments: Array<RoleAssignment>;
}

/** A user who has a role; `origin` is as in `HeldRole`. */
export interface RoleMember {
  username: string;
  origin: string;
}

/** A role with those who have it, by name, and what is granted to it. */
export interface RolePage {
  id: number;
  name: string;
  description: string;
  members: Array<RoleMember>;
  grants: Array<NamedGrant>;
}

/** What a role may do with something. */
export interface RolePermission {
  id: number;
  role_id: number;
  resource_type: string;
  resource_pattern: string;
  permission: string;
}

/** One grant. */
export interface RolePermissionResponse {
  role_permission: RolePermission;
}

/** What is granted to a role. */
export interface RolePermissionsResponse {
  role_permissions: Array<RolePermission>;
}

/** One role. */
export interface RoleResponse {
  role: Role;
}

/** Roles by name, without those of one user. */
export interface RoleSummaries {
  roles: Array<RoleSummary>;
}

/** A role at a glance: how many users have it, and on how much it is granted something. */
export interface RoleSummary {
  id: number;
  name: string;
  description: string;
  members: number;
  grants: number;
}

/** Roles by name. */
export interface RolesResponse {
  roles: Array<Role>;
}

/** Make an alias stand for the version that it stood for before, and get that version. No gate is asked again. */
export interface RollbackAlias {
  name: string;
  alias: string;
  expected_version?: string | null;
  changed_by?: string;
  note?: string;
}

/** One execution of training or evaluation code. */
export interface Run {
  info: RunInfo;
  data: RunData;
  inputs?: RunInputs;
  outputs?: RunOutputs;
}

/** Runs as columns: `columns[name][i]` belongs to `run_ids[i]`; a missing value is null. */
export interface RunColumns {
  total: number;
  run_ids: Array<string>;
  columns: Record<string, Array<Float | string | null>>;
  next_page_token: string;
}

/** What a run recorded: the last value of each metric, params and tags. */
export interface RunData {
  metrics?: Array<Metric>;
  params?: Array<Param>;
  tags?: Array<RunTag>;
}

/** Every run that has children, and the ancestors of matching runs that do not match themselves, as columns. */
export interface RunFamilies {
  families: Array<RunFamily>;
  ancestors: RunColumns;
}

/** A run with runs nested in it: how many there are, and which of them is the best by a metric. */
export interface RunFamily {
  run_id: string;
  children: number;
  best_run_id: string;
  best_run_name: string;
  best_value: Float | string | null;
}

/** Runs that have the same values; null where they have none. `metrics` holds those that any of them has. */
export interface RunGroup {
  values: Array<string | null>;
  runs: number;
  metrics: Record<string, GroupedMetric>;
}

/** Groups of runs, the largest first. */
export interface RunGroups {
  groups: Array<RunGroup>;
}

/** What a run is: its name, state and times (milliseconds since the epoch). */
export interface RunInfo {
  run_id: string;
  run_uuid: string;
  run_name: string;
  experiment_id: string;
  user_id: string;
  status: string;
  start_time: number;
  artifact_uri: string;
  lifecycle_stage: string;
  end_time?: number | null;
}

/** The state of a run after a change. */
export interface RunInfoResponse {
  run_info: RunInfo;
}

/** What a run read, in the order logged. */
export interface RunInputs {
  dataset_inputs?: Array<DatasetInput>;
  model_inputs?: Array<ModelInput>;
}

/** What a run made, in the order logged. */
export interface RunOutputs {
  model_outputs?: Array<ModelOutput>;
}

/** A run with what it recorded. */
export interface RunPage {
  run: Run;
  permission?: string;
}

/** One run. */
export interface RunResponse {
  run: Run;
}

/** A label of a run; it can be changed. */
export interface RunTag {
  key: string;
  value?: string;
}

/** A page of an experiment under a name: `address` holds the parts of the page's address that say what is shown. */
export interface SavedView {
  experiment_id: string;
  name: string;
  address?: Record<string, string>;
  is_default?: boolean;
  created_by?: string;
  creation_time?: number;
  last_update_time?: number;
}

/** One saved view. */
export interface SavedViewResponse {
  view: SavedView;
}

/** All saved views of an experiment, by name. */
export interface SavedViewsResponse {
  views?: Array<SavedView>;
}

/** Find entries that are equal in all that is given; `since` and `until` are milliseconds, both included. */
export interface SearchAudit {
  actor?: string;
  action?: string;
  resource?: string;
  address?: string;
  outcome?: string;
  refused?: boolean;
  since?: number | null;
  until?: number | null;
  max_results?: number | null;
  page_token?: string | null;
}

/** Find the datasets that runs of the given experiments (at most 20) read: at most 1,000, by name. */
export interface SearchDatasets {
  experiment_ids: Array<string>;
}

/** Datasets of some experiments. */
export interface SearchDatasetsResponse {
  dataset_summaries?: Array<DatasetSummary>;
}

/** Find experiments; newest first unless `order_by` says otherwise. */
export interface SearchExperiments {
  max_results?: number | null;
  page_token?: string | null;
  filter?: string | null;
  order_by?: Array<string> | null;
  view_type?: string | number | null;
}

/** A page of experiments. */
export interface SearchExperimentsResponse {
  experiments?: Array<Experiment>;
  next_page_token?: string;
}

/** Find logged models of the given experiments; newest first unless `order_by` says otherwise. */
export interface SearchLoggedModels {
  experiment_ids: Array<string>;
  filter?: string | null;
  datasets?: Array<MetricDataset>;
  max_results?: number | null;
  order_by?: Array<ModelOrder>;
  page_token?: string | null;
}

/** A page of logged models. */
export interface SearchLoggedModelsResponse {
  models?: Array<LoggedModel>;
  next_page_token?: string;
}

/** Find versions of all models, the last changed first unless `order_by` says otherwise. */
export interface SearchModelVersions {
  filter?: string | null;
  max_results?: number | null;
  order_by?: Array<string>;
  page_token?: string | null;
}

/** A page of versions. */
export interface SearchModelVersionsResponse {
  model_versions?: Array<ModelVersion>;
  next_page_token?: string;
}

/** Find registered models, by name unless `order_by` says otherwise; prompts only if the filter names their tag. */
export interface SearchRegisteredModels {
  filter?: string | null;
  max_results?: number | null;
  order_by?: Array<string>;
  page_token?: string | null;
}

/** A page of registered models. */
export interface SearchRegisteredModelsResponse {
  registered_models?: Array<RegisteredModel>;
  next_page_token?: string;
}

/** Get reports, of one experiment or of all, the last changed first. */
export interface SearchReports {
  experiment_id?: string;
  max_results?: number | null;
  page_token?: string;
}

/** A page of reports, the last changed first. */
export interface SearchReportsResponse {
  reports?: Array<Report>;
  next_page_token?: string;
}

/** Find runs in the given experiments; newest first unless `order_by` says otherwise. */
export interface SearchRuns {
  experiment_ids?: Array<string> | null;
  filter?: string | null;
  run_view_type?: string | number | null;
  max_results?: number | null;
  order_by?: Array<string> | null;
  page_token?: string | null;
}

/** A page of runs. */
export interface SearchRunsResponse {
  runs?: Array<Run>;
  next_page_token?: string;
}

/** The kind of store behind the server, and what it offers beyond MLflow's API. */
export interface ServerInfoResponse {
  store_type: string;
  assay_version: string;
  journal: boolean;
  password_login: boolean;
  oidc_name: string;
  workspaces_enabled: boolean;
  trace_archival_enabled: boolean;
  multipart_uploads_enabled: boolean;
  multipart_downloads_enabled: boolean;
  presigned_upload_run_id_supported: boolean;
  presigned_upload_model_id_supported: boolean;
}

/** Where somebody is logged in. `is_current` is whether this is the session that asks. */
export interface SessionInfo {
  session_id: string;
  address: string;
  agent: string;
  creation_time: number;
  last_used: number;
  expiry_time: number;
  is_current: boolean;
}

/** Sessions, the last used first. */
export interface SessionsResponse {
  sessions: Array<SessionInfo>;
}

/** Set a tag of an experiment, replacing its present value. */
export interface SetExperimentTag {
  experiment_id: string;
  key: string;
  value?: string;
}

/** Replace the gates of a registered model; the text names the model. Without a gate in it, there is none. */
export interface SetGates {
  rules: string;
  changed_by?: string;
}

/** Set tags of a logged model, replacing their present values. */
export interface SetLoggedModelTags {
  model_id: string;
  tags?: Array<LoggedModelTag>;
}

/** Set a tag of a version, replacing its present value. */
export interface SetModelVersionTag {
  name: string;
  version: string;
  key: string;
  value?: string;
}

/** Make an alias stand for a version, and no longer for another one. A gate may refuse it. */
export interface SetRegisteredModelAlias {
  name: string;
  alias: string;
  version: string;
  expected_version?: string | null;
  changed_by?: string;
  note?: string;
}

/** Set a tag of a registered model, replacing its present value. */
export interface SetRegisteredModelTag {
  name: string;
  key: string;
  value?: string;
}

/** Grant something to a user or to a role, in place of what was granted to it there. */
export interface SetResourceGrant {
  resource_type: string;
  resource_id: string;
  permission: string;
  username?: string;
  role_name?: string;
}

/** Keep a view under a name, in place of the one that had it. As the default view, it takes that from another. */
export interface SetSavedView {
  experiment_id: string;
  name: string;
  address: Record<string, string>;
  is_default?: boolean;
  created_by?: string;
}

/** Set a tag of a run, replacing its present value. */
export interface SetTag {
  key: string;
  value?: string;
  run_id?: string;
  run_uuid?: string;
}

/** Send an example of an event, by default of the webhook's first one, and say what came of it. */
export interface TestWebhook {
  webhook_id: string;
  event?: WebhookEvent | null;
}

/** What came of a test. */
export interface TestWebhookResponse {
  result: WebhookTestResult;
}

/** A token, without what proves it. */
export interface TokenInfo {
  token_id: string;
  name: string;
  username: string;
  scope: string;
  resource_type: string;
  resource_id: string;
  created_by: string;
  creation_time: number;
  expiry_time: number;
  last_used: number;
}

/** Tokens, the newest first. */
export interface TokensResponse {
  tokens: Array<TokenInfo>;
}

/** Move a version to the stage None, Staging, Production or Archived. A gate may refuse it. */
export interface TransitionModelVersionStage {
  name: string;
  version: string;
  stage: string;
  archive_existing_versions?: boolean;
}

/** An experiment, run or model (`kind`) that goes, or the files of one that is gone (`files`); size in bytes. */
export interface TrashItem {
  kind: string;
  id: string;
  size?: number;
}

/** What is gone, or would go; with a page token, there is more: ask again with it. */
export interface TrashReport {
  items?: Array<TrashItem>;
  kept?: Array<KeptItem>;
  next_page_token?: string;
}

/** Take a role from a user. */
export interface UnassignRole {
  username: string;
  role_id: number;
}

/** Rename an experiment. */
export interface UpdateExperiment {
  experiment_id: string;
  new_name: string;
}

/** Change what is granted to a user on an experiment. */
export interface UpdateExperimentPermission {
  experiment_id: string;
  username: string;
  permission: string;
}

/** Change the description of a version; without one, it is cleared. */
export interface UpdateModelVersion {
  name: string;
  version: string;
  description?: string | null;
}

/** Change the description of a registered model; without one, it is cleared. */
export interface UpdateRegisteredModel {
  name: string;
  description?: string | null;
  deployment_job_id?: string | null;
}

/** Change what is granted to a user on a registered model. */
export interface UpdateRegisteredModelPermission {
  name: string;
  username: string;
  permission: string;
}

/** Change what is given of a report. */
export interface UpdateReport {
  report_id: string;
  title?: string | null;
  text?: string | null;
  frozen?: string | null;
  expected_revision?: number | null;
}

/** Change what is given of a role. */
export interface UpdateRole {
  role_id: number;
  name?: string | null;
  description?: string | null;
}

/** Change the level of what is granted. */
export interface UpdateRolePermission {
  role_permission_id: number;
  permission: string;
}

/** Change status, end time or name of a run; what is not given stays. */
export interface UpdateRun {
  run_id?: string;
  run_uuid?: string;
  status?: string | number | null;
  end_time?: number | null;
  run_name?: string | null;
}

/** Make a user an administrator, or no longer; the last one stays. */
export interface UpdateUserAdmin {
  username: string;
  is_admin: boolean;
}

/** Set a password: one's own with the present one, anybody's as an administrator. It ends the user's sessions. */
export interface UpdateUserPassword {
  username: string;
  password: string;
  current_password?: string | null;
}

/** Change what is given of a webhook; an empty description is none. */
export interface UpdateWebhook {
  webhook_id: string;
  name?: string | null;
  description?: string | null;
  url?: string | null;
  events?: Array<WebhookEvent>;
  secret?: string | null;
  status?: string | null;
}

/** A user. What is granted to the user alone is listed by `get`; MLflow before 3.13 reads it there. */
export interface User {
  id: number;
  username: string;
  is_admin: boolean;
  experiment_permissions: Array<ExperimentPermission>;
  registered_model_permissions: Array<RegisteredModelPermission>;
  scorer_permissions: Array<string>;
  origin: string;
}

/** A user with its roles, and all that is granted to it; `own_role_id` is the role that only this user has. */
export interface UserPage {
  id: number;
  username: string;
  is_admin: boolean;
  origin: string;
  own_role_id: number;
  roles: Array<HeldRole>;
  grants: Array<NamedGrant>;
}

/** Something that a user may do, and the role by which. */
export interface UserPermission {
  resource_type: string;
  resource_pattern: string;
  permission: string;
  role_id: number;
  role_name: string;
  workspace: string;
}

/** All that is granted to a user, by whichever role. */
export interface UserPermissionsResponse {
  is_admin: boolean;
  permissions: Array<UserPermission>;
}

/** One user. */
export interface UserResponse {
  user: User;
}

/** Users by name. `total` counts all that there are. */
export interface UserSummaries {
  users: Array<UserSummary>;
  total: number;
}

/** A user at a glance. */
export interface UserSummary {
  id: number;
  username: string;
  is_admin: boolean;
  origin: string;
  role_ids: Array<number>;
  grants: number;
  tokens: number;
  last_used: number;
}

/** Users by name. */
export interface UsersResponse {
  users: Array<ListedUser>;
}

/** Versions with what was recorded of them as columns: `columns[name][i]` belongs to `versions[i]`. */
export interface VersionColumns {
  versions: Array<ModelVersion>;
  columns: Record<string, Array<Float | string | null>>;
  next_page_token: string;
}

/** What a version says of itself: the text of its `MLmodel`, `requirements.txt` and `input_example.json`. */
export interface VersionFiles {
  version: string;
  mlmodel: string;
  requirements: string;
  example: string;
  problem: string;
}

/** The files, in the order asked for. */
export interface VersionFilesResponse {
  files: Array<VersionFiles>;
}

/** How many runs of each of some experiments started day by day, and who started them. */
export interface ViewActivity {
  experiment_ids: Array<string>;
  since: number;
  days?: number;
}

/** One metric of groups of runs, summed up by step: mean, spread and extremes of all stored points. */
export interface ViewBands {
  run_ids: Array<string>;
  groups: Array<number>;
  key: string;
  buckets?: number;
  start_step?: number | null;
  end_step?: number | null;
}

/** The best run of each of some experiments, by its main metric: the one chosen, or the likeliest by its name. */
export interface ViewBest {
  experiment_ids: Array<string>;
}

/** Metric curves of some runs, drawn honestly: extremes of every bucket are kept. */
export interface ViewCurves {
  run_ids: Array<string>;
  keys?: Array<string>;
  buckets?: number;
  start_step?: number | null;
  end_step?: number | null;
  joined?: boolean;
  times?: boolean;
  digits?: number | null;
}

/** What stands at the head of an experiment's page, deleted or not. */
export interface ViewExperiment {
  experiment_id: string;
}

/** Active experiments with counts of their runs: all of them, or those named. */
export interface ViewExperiments {
  experiment_ids?: Array<string>;
}

/** How the runs of an experiment that match are nested: by the tag `mlflow.parentRunId`, on any level. */
export interface ViewFamilies {
  experiment_ids: Array<string>;
  filter?: string | null;
  run_view_type?: string | number | null;
  metric?: string | null;
  ascending?: boolean;
}

/** All runs that match, grouped by one or two columns: `params.<key>`, `tags.<key>`, `attributes.status`, ... */
export interface ViewGroups {
  experiment_ids: Array<string>;
  by: Array<string>;
  metrics?: Array<string>;
  filter?: string | null;
  run_view_type?: string | number | null;
}

/** What is running, what finished and what failed lately, across all active experiments; of each so many runs. */
export interface ViewHome {
  max_results?: number | null;
}

/** Which metrics some runs have, without their points. */
export interface ViewMetrics {
  run_ids: Array<string>;
}

/** All that the page of a registered model shows; `page_token` leads to older versions. */
export interface ViewModel {
  name: string;
  max_results?: number | null;
  page_token?: string | null;
}

/** A part of a folder among the files of a logged model. */
export interface ViewModelFiles {
  path?: string;
  contains?: string;
  around?: string;
  after?: string;
  start?: number;
  max_results?: number;
  model_id: string;
}

/** A page of the list of registered models: what `registered-models/search` finds, with metrics. */
export interface ViewModels {
  filter?: string | null;
  order_by?: Array<string>;
  max_results?: number | null;
  page_token?: string | null;
}

/** A role with its members, and what is granted to it. */
export interface ViewRole {
  role_id: number;
}

/** All roles at a glance. */
export type ViewRoles = Record<string, never>;

/** What stands at the head of a run's page, deleted or not. */
export interface ViewRun {
  run_id: string;
}

/** A part of a folder among a run's artifacts. */
export interface ViewRunFiles {
  path?: string;
  contains?: string;
  around?: string;
  after?: string;
  start?: number;
  max_results?: number;
  run_id: string;
}

/** A page of the run table: what `runs/search` finds, as columns, with the exact total. */
export interface ViewRuns {
  experiment_ids?: Array<string>;
  run_ids?: Array<string> | null;
  filter?: string | null;
  order_by?: Array<string> | null;
  run_view_type?: string | number | null;
  max_results?: number | null;
  page_token?: string | null;
  columns?: Array<string> | null;
}

/** What is marked as deleted: experiments, and runs and logged models of active experiments. */
export interface ViewTrash {
  max_results?: number | null;
  page_token?: string | null;
}

/** A user with its roles, and all that is granted to it by whichever role. */
export interface ViewUser {
  username: string;
}

/** All users at a glance, at most 10,000. */
export type ViewUsers = Record<string, never>;

/** What some versions of a registered model say of themselves: signature, flavors, requirements. */
export interface ViewVersionFiles {
  name: string;
  versions: Array<string>;
}

/** Some versions of a registered model, with their metrics and params, in the order asked for. */
export interface ViewVersions {
  name: string;
  versions: Array<string>;
}

/** An address that is told of some kinds of changes. Times are milliseconds since the epoch. */
export interface Webhook {
  webhook_id: string;
  name: string;
  url: string;
  events: Array<WebhookEvent>;
  status: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  description?: string | null;
}

/** A kind of change: `entity` is what changed, such as MODEL_VERSION, and `action` how, such as CREATED. */
export interface WebhookEvent {
  entity: string;
  action: string;
}

/** One webhook. */
export interface WebhookResponse {
  webhook: Webhook;
}

/** What came of a test: the status of the answer, or why there was none. What else was answered is not told. */
export interface WebhookTestResult {
  success: boolean;
  response_status?: number | null;
  error_message?: string | null;
}

/** Method and path (below the API prefix) of every operation. */
export const OPERATIONS = {
  abortMultipartUpload: { method: "POST", path: "2.0/mlflow-artifacts/mpu/abort/{directory*}" },
  addRolePermission: { method: "POST", path: "3.0/mlflow/roles/permissions/add" },
  applyJournal: { method: "POST", path: "assay/1/journal/apply" },
  assignRole: { method: "POST", path: "3.0/mlflow/roles/assign" },
  changeExperiments: { method: "POST", path: "assay/1/experiments/change" },
  changeRuns: { method: "POST", path: "assay/1/runs/change" },
  checkAudit: { method: "GET", path: "assay/1/audit/check" },
  checkGates: { method: "GET", path: "assay/1/registry/check-gates" },
  completeMultipartUpload: { method: "POST", path: "2.0/mlflow-artifacts/mpu/complete/{directory*}" },
  createExperiment: { method: "POST", path: "2.0/mlflow/experiments/create" },
  createExperimentPermission: { method: "POST", path: "2.0/mlflow/experiments/permissions/create" },
  createLoggedModel: { method: "POST", path: "2.0/mlflow/logged-models" },
  createModelVersion: { method: "POST", path: "2.0/mlflow/model-versions/create" },
  createMultipartUpload: { method: "POST", path: "2.0/mlflow-artifacts/mpu/create/{directory*}" },
  createPresignedDownloadUrl: { method: "POST", path: "2.0/mlflow/artifacts/presigned-download-url" },
  createPresignedUploadUrl: { method: "POST", path: "2.0/mlflow/artifacts/presigned-upload-url" },
  createRegisteredModel: { method: "POST", path: "2.0/mlflow/registered-models/create" },
  createRegisteredModelPermission: { method: "POST", path: "2.0/mlflow/registered-models/permissions/create" },
  createReport: { method: "POST", path: "assay/1/reports/create" },
  createRole: { method: "POST", path: "3.0/mlflow/roles/create" },
  createRun: { method: "POST", path: "2.0/mlflow/runs/create" },
  createToken: { method: "POST", path: "assay/1/tokens/create" },
  createUser: { method: "POST", path: "2.0/mlflow/users/create" },
  createWebhook: { method: "POST", path: "2.0/mlflow/webhooks" },
  deleteArtifact: { method: "DELETE", path: "2.0/mlflow-artifacts/artifacts/{path*}" },
  deleteExperiment: { method: "POST", path: "2.0/mlflow/experiments/delete" },
  deleteExperimentPermission: { method: "DELETE", path: "2.0/mlflow/experiments/permissions/delete" },
  deleteExperimentTag: { method: "POST", path: "2.0/mlflow/experiments/delete-experiment-tag" },
  deleteLoggedModel: { method: "DELETE", path: "2.0/mlflow/logged-models/{model_id}" },
  deleteLoggedModelTag: { method: "DELETE", path: "2.0/mlflow/logged-models/{model_id}/tags/{tag_key}" },
  deleteModelVersion: { method: "DELETE", path: "2.0/mlflow/model-versions/delete" },
  deleteModelVersionTag: { method: "DELETE", path: "2.0/mlflow/model-versions/delete-tag" },
  deleteRegisteredModel: { method: "DELETE", path: "2.0/mlflow/registered-models/delete" },
  deleteRegisteredModelAlias: { method: "DELETE", path: "2.0/mlflow/registered-models/alias" },
  deleteRegisteredModelPermission: { method: "DELETE", path: "2.0/mlflow/registered-models/permissions/delete" },
  deleteRegisteredModelTag: { method: "DELETE", path: "2.0/mlflow/registered-models/delete-tag" },
  deleteReport: { method: "POST", path: "assay/1/reports/delete" },
  deleteRole: { method: "DELETE", path: "3.0/mlflow/roles/delete" },
  deleteRun: { method: "POST", path: "2.0/mlflow/runs/delete" },
  deleteSavedView: { method: "POST", path: "assay/1/saved-views/delete" },
  deleteTag: { method: "POST", path: "2.0/mlflow/runs/delete-tag" },
  deleteUser: { method: "DELETE", path: "2.0/mlflow/users/delete" },
  deleteWebhook: { method: "DELETE", path: "2.0/mlflow/webhooks/{webhook_id}" },
  emptyTrash: { method: "POST", path: "assay/1/trash/empty" },
  endSession: { method: "POST", path: "assay/1/sessions/end" },
  finalizeLoggedModel: { method: "PATCH", path: "2.0/mlflow/logged-models/{model_id}" },
  findAnything: { method: "GET", path: "assay/1/views/find" },
  getAliasHistory: { method: "GET", path: "assay/1/registry/alias-history" },
  getCurrentPermissions: { method: "GET", path: "3.0/mlflow/users/current/permissions" },
  getCurrentUser: { method: "GET", path: "2.0/mlflow/users/current" },
  getExperiment: { method: "GET", path: "2.0/mlflow/experiments/get" },
  getExperimentByName: { method: "GET", path: "2.0/mlflow/experiments/get-by-name" },
  getExperimentPermission: { method: "GET", path: "2.0/mlflow/experiments/permissions/get" },
  getGates: { method: "GET", path: "assay/1/registry/gates" },
  getLatestVersions: { method: "GET", path: "2.0/mlflow/registered-models/get-latest-versions" },
  getLoggedModel: { method: "GET", path: "2.0/mlflow/logged-models/{model_id}" },
  getMetricHistory: { method: "GET", path: "2.0/mlflow/metrics/get-history" },
  getMetricHistoryBulk: { method: "GET", path: "2.0/mlflow/metrics/get-history-bulk" },
  getMetricHistoryBulkInterval: { method: "GET", path: "2.0/mlflow/metrics/get-history-bulk-interval" },
  getModelLineage: { method: "GET", path: "assay/1/registry/lineage" },
  getModelVersion: { method: "GET", path: "2.0/mlflow/model-versions/get" },
  getModelVersionByAlias: { method: "GET", path: "2.0/mlflow/registered-models/alias" },
  getModelVersionDownloadUri: { method: "GET", path: "2.0/mlflow/model-versions/get-download-uri" },
  getNoteHistory: { method: "GET", path: "assay/1/runs/note-history" },
  getPresignedDownloadUrl: { method: "GET", path: "2.0/mlflow-artifacts/presigned/{path*}" },
  getRegisteredModel: { method: "GET", path: "2.0/mlflow/registered-models/get" },
  getRegisteredModelPermission: { method: "GET", path: "2.0/mlflow/registered-models/permissions/get" },
  getReport: { method: "GET", path: "assay/1/reports/get" },
  getRole: { method: "GET", path: "3.0/mlflow/roles/get" },
  getRun: { method: "GET", path: "2.0/mlflow/runs/get" },
  getServerInfo: { method: "GET", path: "3.0/mlflow/server-info" },
  getUser: { method: "GET", path: "2.0/mlflow/users/get" },
  getUserPermission: { method: "GET", path: "3.0/mlflow/users/permissions/get" },
  getWebhook: { method: "GET", path: "2.0/mlflow/webhooks/{webhook_id}" },
  grantUserPermission: { method: "POST", path: "3.0/mlflow/users/permissions/grant" },
  listArtifacts: { method: "GET", path: "2.0/mlflow/artifacts/list" },
  listAuditActions: { method: "GET", path: "assay/1/audit/actions" },
  listLoggedModelArtifacts: { method: "GET", path: "2.0/mlflow/logged-models/{model_id}/artifacts/directories" },
  listProtectedAliases: { method: "GET", path: "assay/1/registry/protected-aliases" },
  listProxiedArtifacts: { method: "GET", path: "2.0/mlflow-artifacts/artifacts" },
  listResourceHolders: { method: "GET", path: "assay/1/permissions/holders" },
  listRolePermissions: { method: "GET", path: "3.0/mlflow/roles/permissions/list" },
  listRoleUsers: { method: "GET", path: "3.0/mlflow/roles/users/list" },
  listRoles: { method: "GET", path: "3.0/mlflow/roles/list" },
  listSavedViews: { method: "GET", path: "assay/1/saved-views/list" },
  listSessions: { method: "GET", path: "assay/1/sessions/list" },
  listTokens: { method: "GET", path: "assay/1/tokens/list" },
  listUserPermissions: { method: "GET", path: "3.0/mlflow/users/permissions/list" },
  listUserRoles: { method: "GET", path: "3.0/mlflow/users/roles/list" },
  listUsers: { method: "GET", path: "2.0/mlflow/users/list" },
  listWebhooks: { method: "GET", path: "2.0/mlflow/webhooks" },
  logBatch: { method: "POST", path: "2.0/mlflow/runs/log-batch" },
  logInputs: { method: "POST", path: "2.0/mlflow/runs/log-inputs" },
  logLoggedModelParams: { method: "POST", path: "2.0/mlflow/logged-models/{model_id}/params" },
  logMetric: { method: "POST", path: "2.0/mlflow/runs/log-metric" },
  logModel: { method: "POST", path: "2.0/mlflow/runs/log-model" },
  logOutputs: { method: "POST", path: "2.0/mlflow/runs/outputs" },
  logParam: { method: "POST", path: "2.0/mlflow/runs/log-parameter" },
  protectAlias: { method: "POST", path: "assay/1/registry/protect-alias" },
  removeResourceGrant: { method: "POST", path: "assay/1/permissions/remove" },
  removeRolePermission: { method: "DELETE", path: "3.0/mlflow/roles/permissions/remove" },
  renameRegisteredModel: { method: "POST", path: "2.0/mlflow/registered-models/rename" },
  renameSavedView: { method: "POST", path: "assay/1/saved-views/rename" },
  replaceSavedViews: { method: "POST", path: "assay/1/saved-views/replace" },
  restoreExperiment: { method: "POST", path: "2.0/mlflow/experiments/restore" },
  restoreLoggedModel: { method: "POST", path: "assay/1/logged-models/restore" },
  restoreRun: { method: "POST", path: "2.0/mlflow/runs/restore" },
  revokeToken: { method: "POST", path: "assay/1/tokens/revoke" },
  revokeUserPermission: { method: "POST", path: "3.0/mlflow/users/permissions/revoke" },
  rollbackAlias: { method: "POST", path: "assay/1/registry/rollback-alias" },
  searchAudit: { method: "GET", path: "assay/1/audit/search" },
  searchDatasets: { method: "POST", path: "2.0/mlflow/experiments/search-datasets" },
  searchExperiments: { method: "POST", path: "2.0/mlflow/experiments/search" },
  searchLoggedModels: { method: "POST", path: "2.0/mlflow/logged-models/search" },
  searchModelVersions: { method: "GET", path: "2.0/mlflow/model-versions/search" },
  searchRegisteredModels: { method: "GET", path: "2.0/mlflow/registered-models/search" },
  searchReports: { method: "GET", path: "assay/1/reports/search" },
  searchRuns: { method: "POST", path: "2.0/mlflow/runs/search" },
  setExperimentTag: { method: "POST", path: "2.0/mlflow/experiments/set-experiment-tag" },
  setGates: { method: "POST", path: "assay/1/registry/set-gates" },
  setLoggedModelTags: { method: "PATCH", path: "2.0/mlflow/logged-models/{model_id}/tags" },
  setModelVersionTag: { method: "POST", path: "2.0/mlflow/model-versions/set-tag" },
  setRegisteredModelAlias: { method: "POST", path: "2.0/mlflow/registered-models/alias" },
  setRegisteredModelTag: { method: "POST", path: "2.0/mlflow/registered-models/set-tag" },
  setResourceGrant: { method: "POST", path: "assay/1/permissions/set" },
  setSavedView: { method: "POST", path: "assay/1/saved-views/set" },
  setTag: { method: "POST", path: "2.0/mlflow/runs/set-tag" },
  testWebhook: { method: "POST", path: "2.0/mlflow/webhooks/{webhook_id}/test" },
  transitionModelVersionStage: { method: "POST", path: "2.0/mlflow/model-versions/transition-stage" },
  unassignRole: { method: "DELETE", path: "3.0/mlflow/roles/unassign" },
  updateExperiment: { method: "POST", path: "2.0/mlflow/experiments/update" },
  updateExperimentPermission: { method: "PATCH", path: "2.0/mlflow/experiments/permissions/update" },
  updateModelVersion: { method: "PATCH", path: "2.0/mlflow/model-versions/update" },
  updateRegisteredModel: { method: "PATCH", path: "2.0/mlflow/registered-models/update" },
  updateRegisteredModelPermission: { method: "PATCH", path: "2.0/mlflow/registered-models/permissions/update" },
  updateReport: { method: "POST", path: "assay/1/reports/update" },
  updateRole: { method: "PATCH", path: "3.0/mlflow/roles/update" },
  updateRolePermission: { method: "PATCH", path: "3.0/mlflow/roles/permissions/update" },
  updateRun: { method: "POST", path: "2.0/mlflow/runs/update" },
  updateUserAdmin: { method: "PATCH", path: "2.0/mlflow/users/update-admin" },
  updateUserPassword: { method: "PATCH", path: "2.0/mlflow/users/update-password" },
  updateWebhook: { method: "PATCH", path: "2.0/mlflow/webhooks/{webhook_id}" },
  viewActivity: { method: "POST", path: "assay/1/views/activity" },
  viewBands: { method: "POST", path: "assay/1/views/bands" },
  viewBest: { method: "POST", path: "assay/1/views/best" },
  viewCurves: { method: "POST", path: "assay/1/views/curves" },
  viewExperiment: { method: "GET", path: "assay/1/views/experiment" },
  viewExperiments: { method: "GET", path: "assay/1/views/experiments" },
  viewFamilies: { method: "POST", path: "assay/1/views/families" },
  viewGroups: { method: "POST", path: "assay/1/views/groups" },
  viewHome: { method: "GET", path: "assay/1/views/home" },
  viewMetrics: { method: "POST", path: "assay/1/views/metrics" },
  viewModel: { method: "GET", path: "assay/1/views/model" },
  viewModelFiles: { method: "GET", path: "assay/1/views/model-files" },
  viewModels: { method: "POST", path: "assay/1/views/models" },
  viewRole: { method: "GET", path: "assay/1/views/role" },
  viewRoles: { method: "GET", path: "assay/1/views/roles" },
  viewRun: { method: "GET", path: "assay/1/views/run" },
  viewRunFiles: { method: "GET", path: "assay/1/views/run-files" },
  viewRuns: { method: "POST", path: "assay/1/views/runs" },
  viewTrash: { method: "GET", path: "assay/1/views/trash" },
  viewUser: { method: "GET", path: "assay/1/views/user" },
  viewUsers: { method: "GET", path: "assay/1/views/users" },
  viewVersionFiles: { method: "POST", path: "assay/1/views/version-files" },
  viewVersions: { method: "POST", path: "assay/1/views/versions" },
} as const;

/** What every operation takes and gives. */
export interface Operations {
  abortMultipartUpload: { request: AbortMultipartUpload; response: Empty };
  addRolePermission: { request: AddRolePermission; response: RolePermissionResponse };
  applyJournal: { request: ApplyJournal; response: AppliedResponse };
  assignRole: { request: AssignRole; response: RoleAssignmentResponse };
  changeExperiments: { request: ChangeExperiments; response: ChangedExperiments };
  changeRuns: { request: ChangeRuns; response: ChangedRuns };
  checkAudit: { request: CheckAudit; response: AuditCheckResponse };
  checkGates: { request: CheckGates; response: CheckGatesResponse };
  completeMultipartUpload: { request: CompleteMultipartUpload; response: Empty };
  createExperiment: { request: CreateExperiment; response: CreateExperimentResponse };
  createExperimentPermission: { request: CreateExperimentPermission; response: ExperimentPermissionResponse };
  createLoggedModel: { request: CreateLoggedModel; response: LoggedModelResponse };
  createModelVersion: { request: CreateModelVersion; response: ModelVersionResponse };
  createMultipartUpload: { request: CreateMultipartUpload; response: CreateMultipartUploadResponse };
  createPresignedDownloadUrl: { request: CreatePresignedDownloadUrl; response: PresignedUrlResponse };
  createPresignedUploadUrl: { request: CreatePresignedUploadUrl; response: PresignedUrlResponse };
  createRegisteredModel: { request: CreateRegisteredModel; response: RegisteredModelResponse };
  createRegisteredModelPermission: { request: CreateRegisteredModelPermission; response: RegisteredModelPermissionResponse };
  createReport: { request: CreateReport; response: ReportResponse };
  createRole: { request: CreateRole; response: RoleResponse };
  createRun: { request: CreateRun; response: RunResponse };
  createToken: { request: CreateToken; response: NewTokenResponse };
  createUser: { request: CreateUser; response: UserResponse };
  createWebhook: { request: CreateWebhook; response: WebhookResponse };
  deleteArtifact: { request: DeleteArtifact; response: Empty };
  deleteExperiment: { request: DeleteExperiment; response: Empty };
  deleteExperimentPermission: { request: DeleteExperimentPermission; response: Empty };
  deleteExperimentTag: { request: DeleteExperimentTag; response: Empty };
  deleteLoggedModel: { request: DeleteLoggedModel; response: Empty };
  deleteLoggedModelTag: { request: DeleteLoggedModelTag; response: Empty };
  deleteModelVersion: { request: DeleteModelVersion; response: Empty };
  deleteModelVersionTag: { request: DeleteModelVersionTag; response: Empty };
  deleteRegisteredModel: { request: DeleteRegisteredModel; response: Empty };
  deleteRegisteredModelAlias: { request: DeleteRegisteredModelAlias; response: Empty };
  deleteRegisteredModelPermission: { request: DeleteRegisteredModelPermission; response: Empty };
  deleteRegisteredModelTag: { request: DeleteRegisteredModelTag; response: Empty };
  deleteReport: { request: DeleteReport; response: Empty };
  deleteRole: { request: DeleteRole; response: Empty };
  deleteRun: { request: DeleteRun; response: Empty };
  deleteSavedView: { request: DeleteSavedView; response: Empty };
  deleteTag: { request: DeleteTag; response: Empty };
  deleteUser: { request: DeleteUser; response: Empty };
  deleteWebhook: { request: DeleteWebhook; response: Empty };
  emptyTrash: { request: EmptyTrash; response: TrashReport };
  endSession: { request: EndSession; response: Empty };
  finalizeLoggedModel: { request: FinalizeLoggedModel; response: LoggedModelResponse };
  findAnything: { request: FindAnything; response: FoundItems };
  getAliasHistory: { request: GetAliasHistory; response: AliasHistoryResponse };
  getCurrentPermissions: { request: GetCurrentPermissions; response: UserPermissionsResponse };
  getCurrentUser: { request: GetCurrentUser; response: CurrentUserResponse };
  getExperiment: { request: GetExperiment; response: ExperimentResponse };
  getExperimentByName: { request: GetExperimentByName; response: ExperimentResponse };
  getExperimentPermission: { request: GetExperimentPermission; response: ExperimentPermissionResponse };
  getGates: { request: GetGates; response: GatesResponse };
  getLatestVersions: { request: GetLatestVersions; response: LatestVersionsResponse };
  getLoggedModel: { request: GetLoggedModel; response: LoggedModelResponse };
  getMetricHistory: { request: GetMetricHistory; response: MetricHistory };
  getMetricHistoryBulk: { request: GetMetricHistoryBulk; response: MetricPoints };
  getMetricHistoryBulkInterval: { request: GetMetricHistoryBulkInterval; response: MetricPoints };
  getModelLineage: { request: GetModelLineage; response: ModelLineageResponse };
  getModelVersion: { request: GetModelVersion; response: ModelVersionResponse };
  getModelVersionByAlias: { request: GetModelVersionByAlias; response: ModelVersionResponse };
  getModelVersionDownloadUri: { request: GetModelVersionDownloadUri; response: DownloadUriResponse };
  getNoteHistory: { request: GetNoteHistory; response: NoteHistoryResponse };
  getPresignedDownloadUrl: { request: GetPresignedDownloadUrl; response: PresignedDownloadUrlResponse };
  getRegisteredModel: { request: GetRegisteredModel; response: RegisteredModelResponse };
  getRegisteredModelPermission: { request: GetRegisteredModelPermission; response: RegisteredModelPermissionResponse };
  getReport: { request: GetReport; response: ReportResponse };
  getRole: { request: GetRole; response: RoleResponse };
  getRun: { request: GetRun; response: RunResponse };
  getServerInfo: { request: GetServerInfo; response: ServerInfoResponse };
  getUser: { request: GetUser; response: UserResponse };
  getUserPermission: { request: GetUserPermission; response: EffectivePermissionResponse };
  getWebhook: { request: GetWebhook; response: WebhookResponse };
  grantUserPermission: { request: GrantUserPermission; response: Empty };
  listArtifacts: { request: ListArtifacts; response: ListArtifactsResponse };
  listAuditActions: { request: ListAuditActions; response: AuditActionsResponse };
  listLoggedModelArtifacts: { request: ListLoggedModelArtifacts; response: ListArtifactsResponse };
  listProtectedAliases: { request: ListProtectedAliases; response: ProtectedAliasesResponse };
  listProxiedArtifacts: { request: ListProxiedArtifacts; response: ListArtifactsResponse };
  listResourceHolders: { request: ListResourceHolders; response: ResourceHoldersResponse };
  listRolePermissions: { request: ListRolePermissions; response: RolePermissionsResponse };
  listRoleUsers: { request: ListRoleUsers; response: RoleAssignmentsResponse };
  listRoles: { request: ListRoles; response: RolesResponse };
  listSavedViews: { request: ListSavedViews; response: SavedViewsResponse };
  listSessions: { request: ListSessions; response: SessionsResponse };
  listTokens: { request: ListTokens; response: TokensResponse };
  listUserPermissions: { request: ListUserPermissions; response: UserPermissionsResponse };
  listUserRoles: { request: ListUserRoles; response: RolesResponse };
  listUsers: { request: ListUsers; response: UsersResponse };
  listWebhooks: { request: ListWebhooks; response: ListWebhooksResponse };
  logBatch: { request: LogBatch; response: Empty };
  logInputs: { request: LogInputs; response: Empty };
  logLoggedModelParams: { request: LogLoggedModelParams; response: Empty };
  logMetric: { request: LogMetric; response: Empty };
  logModel: { request: LogModel; response: Empty };
  logOutputs: { request: LogOutputs; response: Empty };
  logParam: { request: LogParam; response: Empty };
  protectAlias: { request: ProtectAlias; response: Empty };
  removeResourceGrant: { request: RemoveResourceGrant; response: Empty };
  removeRolePermission: { request: RemoveRolePermission; response: Empty };
  renameRegisteredModel: { request: RenameRegisteredModel; response: RegisteredModelResponse };
  renameSavedView: { request: RenameSavedView; response: SavedViewResponse };
  replaceSavedViews: { request: ReplaceSavedViews; response: SavedViewsResponse };
  restoreExperiment: { request: RestoreExperiment; response: Empty };
  restoreLoggedModel: { request: RestoreLoggedModel; response: Empty };
  restoreRun: { request: RestoreRun; response: Empty };
  revokeToken: { request: RevokeToken; response: Empty };
  revokeUserPermission: { request: RevokeUserPermission; response: Empty };
  rollbackAlias: { request: RollbackAlias; response: ModelVersionResponse };
  searchAudit: { request: SearchAudit; response: AuditResponse };
  searchDatasets: { request: SearchDatasets; response: SearchDatasetsResponse };
  searchExperiments: { request: SearchExperiments; response: SearchExperimentsResponse };
  searchLoggedModels: { request: SearchLoggedModels; response: SearchLoggedModelsResponse };
  searchModelVersions: { request: SearchModelVersions; response: SearchModelVersionsResponse };
  searchRegisteredModels: { request: SearchRegisteredModels; response: SearchRegisteredModelsResponse };
  searchReports: { request: SearchReports; response: SearchReportsResponse };
  searchRuns: { request: SearchRuns; response: SearchRunsResponse };
  setExperimentTag: { request: SetExperimentTag; response: Empty };
  setGates: { request: SetGates; response: Empty };
  setLoggedModelTags: { request: SetLoggedModelTags; response: LoggedModelResponse };
  setModelVersionTag: { request: SetModelVersionTag; response: Empty };
  setRegisteredModelAlias: { request: SetRegisteredModelAlias; response: Empty };
  setRegisteredModelTag: { request: SetRegisteredModelTag; response: Empty };
  setResourceGrant: { request: SetResourceGrant; response: Empty };
  setSavedView: { request: SetSavedView; response: SavedViewResponse };
  setTag: { request: SetTag; response: Empty };
  testWebhook: { request: TestWebhook; response: TestWebhookResponse };
  transitionModelVersionStage: { request: TransitionModelVersionStage; response: ModelVersionResponse };
  unassignRole: { request: UnassignRole; response: Empty };
  updateExperiment: { request: UpdateExperiment; response: Empty };
  updateExperimentPermission: { request: UpdateExperimentPermission; response: Empty };
  updateModelVersion: { request: UpdateModelVersion; response: ModelVersionResponse };
  updateRegisteredModel: { request: UpdateRegisteredModel; response: RegisteredModelResponse };
  updateRegisteredModelPermission: { request: UpdateRegisteredModelPermission; response: Empty };
  updateReport: { request: UpdateReport; response: ReportResponse };
  updateRole: { request: UpdateRole; response: RoleResponse };
  updateRolePermission: { request: UpdateRolePermission; response: RolePermissionResponse };
  updateRun: { request: UpdateRun; response: RunInfoResponse };
  updateUserAdmin: { request: UpdateUserAdmin; response: Empty };
  updateUserPassword: { request: UpdateUserPassword; response: Empty };
  updateWebhook: { request: UpdateWebhook; response: WebhookResponse };
  viewActivity: { request: ViewActivity; response: ExperimentActivities };
  viewBands: { request: ViewBands; response: Bands };
  viewBest: { request: ViewBest; response: BestRuns };
  viewCurves: { request: ViewCurves; response: Curves };
  viewExperiment: { request: ViewExperiment; response: ExperimentPage };
  viewExperiments: { request: ViewExperiments; response: ExperimentSummaries };
  viewFamilies: { request: ViewFamilies; response: RunFamilies };
  viewGroups: { request: ViewGroups; response: RunGroups };
  viewHome: { request: ViewHome; response: Home };
  viewMetrics: { request: ViewMetrics; response: MetricSummaries };
  viewModel: { request: ViewModel; response: ModelPage };
  viewModelFiles: { request: ViewModelFiles; response: Files };
  viewModels: { request: ViewModels; response: ModelSummaries };
  viewRole: { request: ViewRole; response: RolePage };
  viewRoles: { request: ViewRoles; response: RoleSummaries };
  viewRun: { request: ViewRun; response: RunPage };
  viewRunFiles: { request: ViewRunFiles; response: Files };
  viewRuns: { request: ViewRuns; response: RunColumns };
  viewTrash: { request: ViewTrash; response: DeletedItems };
  viewUser: { request: ViewUser; response: UserPage };
  viewUsers: { request: ViewUsers; response: UserSummaries };
  viewVersionFiles: { request: ViewVersionFiles; response: VersionFilesResponse };
  viewVersions: { request: ViewVersions; response: VersionColumns };
}
