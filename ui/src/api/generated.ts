// Made from assay.wire by tools/gen.py; change the messages there and run it again.

/** A number; those that JSON cannot carry travel as text. */
export type Float = number | "NaN" | "Infinity" | "-Infinity";

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

/** Create an experiment with a name that is not taken, not even by a deleted one. */
export interface CreateExperiment {
  name: string;
  artifact_location?: string | null;
  tags?: Array<ExperimentTag> | null;
}

/** The id of the new experiment. */
export interface CreateExperimentResponse {
  experiment_id: string;
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

/** Mark an experiment and its active runs as deleted; they can be restored. */
export interface DeleteExperiment {
  experiment_id: string;
}

/** Delete a tag of an experiment. */
export interface DeleteExperimentTag {
  experiment_id: string;
  key: string;
}

/** Mark a run as deleted; it can be restored. */
export interface DeleteRun {
  run_id: string;
}

/** Delete a tag of a run. */
export interface DeleteTag {
  run_id: string;
  key: string;
}

/** An answer that says no more than that it was done. */
export type Empty = Record<string, never>;

/** A container of runs that answer one question. Times are milliseconds since the epoch. */
export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location?: string;
  lifecycle_stage?: string;
  last_update_time?: number;
  creation_time?: number;
  tags?: Array<ExperimentTag>;
}

/** One experiment. */
export interface ExperimentResponse {
  experiment: Experiment;
}

/** All active experiments, the last active first. */
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

/** Get an experiment by id, deleted ones too. */
export interface GetExperiment {
  experiment_id: string;
}

/** Get an experiment by name, deleted ones too. */
export interface GetExperimentByName {
  experiment_name: string;
}

/** The points of one metric of a run, by timestamp, step, value; all of them unless `max_results` is given. */
export interface GetMetricHistory {
  metric_key: string;
  run_id?: string;
  run_uuid?: string;
  page_token?: string | null;
  max_results?: number | null;
}

/** Get a run with what it recorded, deleted ones too. */
export interface GetRun {
  run_id?: string;
  run_uuid?: string;
}

/** What the server is and can do. */
export type GetServerInfo = Record<string, never>;

/** A label of what one run read; `mlflow.data.context` says what for: training, validation, test. */
export interface InputTag {
  key: string;
  value?: string;
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

/** Record metrics, params and tags of a run together: all of them, or none if one is not acceptable. */
export interface LogBatch {
  run_id?: string;
  metrics?: Array<Metric>;
  params?: Array<Param>;
  tags?: Array<RunTag>;
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

/** What a logged model recorded: params, and the last value of each metric on each dataset. */
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

/** A logged model that a run read. */
export interface ModelInput {
  model_id: string;
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

/** A setting of a run; it never changes once logged. */
export interface Param {
  key: string;
  value?: string;
}

/** A record that can never be applied, and why. */
export interface Rejection {
  seq: number;
  error_code: string;
  message: string;
}

/** Restore a deleted experiment and all its deleted runs. */
export interface RestoreExperiment {
  experiment_id: string;
}

/** Restore a deleted run. */
export interface RestoreRun {
  run_id: string;
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

/** One run. */
export interface RunResponse {
  run: Run;
}

/** A label of a run; it can be changed. */
export interface RunTag {
  key: string;
  value?: string;
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
  experiment_ids?: Array<string>;
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
  workspaces_enabled: boolean;
  trace_archival_enabled: boolean;
}

/** Set a tag of an experiment, replacing its present value. */
export interface SetExperimentTag {
  experiment_id: string;
  key: string;
  value?: string;
}

/** Set a tag of a run, replacing its present value. */
export interface SetTag {
  key: string;
  value?: string;
  run_id?: string;
  run_uuid?: string;
}

/** Rename an experiment. */
export interface UpdateExperiment {
  experiment_id: string;
  new_name: string;
}

/** Change status, end time or name of a run; what is not given stays. */
export interface UpdateRun {
  run_id?: string;
  run_uuid?: string;
  status?: string | number | null;
  end_time?: number | null;
  run_name?: string | null;
}

/** Metric curves of some runs, drawn honestly: extremes of every bucket are kept. */
export interface ViewCurves {
  run_ids: Array<string>;
  keys?: Array<string>;
  buckets?: number;
  start_step?: number | null;
  end_step?: number | null;
}

/** All active experiments with counts of their runs. */
export type ViewExperiments = Record<string, never>;

/** A page of the run table: what `runs/search` finds, as columns, with the exact total. */
export interface ViewRuns {
  experiment_ids?: Array<string>;
  run_ids?: Array<string> | null;
  filter?: string | null;
  order_by?: Array<string> | null;
  run_view_type?: string | number | null;
  max_results?: number | null;
  page_token?: string | null;
}

/** Method and path (below the API prefix) of every operation. */
export const OPERATIONS = {
  applyJournal: { method: "POST", path: "assay/1/journal/apply" },
  createExperiment: { method: "POST", path: "2.0/mlflow/experiments/create" },
  createRun: { method: "POST", path: "2.0/mlflow/runs/create" },
  deleteExperiment: { method: "POST", path: "2.0/mlflow/experiments/delete" },
  deleteExperimentTag: { method: "POST", path: "2.0/mlflow/experiments/delete-experiment-tag" },
  deleteRun: { method: "POST", path: "2.0/mlflow/runs/delete" },
  deleteTag: { method: "POST", path: "2.0/mlflow/runs/delete-tag" },
  getExperiment: { method: "GET", path: "2.0/mlflow/experiments/get" },
  getExperimentByName: { method: "GET", path: "2.0/mlflow/experiments/get-by-name" },
  getMetricHistory: { method: "GET", path: "2.0/mlflow/metrics/get-history" },
  getRun: { method: "GET", path: "2.0/mlflow/runs/get" },
  getServerInfo: { method: "GET", path: "3.0/mlflow/server-info" },
  listArtifacts: { method: "GET", path: "2.0/mlflow/artifacts/list" },
  logBatch: { method: "POST", path: "2.0/mlflow/runs/log-batch" },
  logMetric: { method: "POST", path: "2.0/mlflow/runs/log-metric" },
  logParam: { method: "POST", path: "2.0/mlflow/runs/log-parameter" },
  restoreExperiment: { method: "POST", path: "2.0/mlflow/experiments/restore" },
  restoreRun: { method: "POST", path: "2.0/mlflow/runs/restore" },
  searchExperiments: { method: "POST", path: "2.0/mlflow/experiments/search" },
  searchLoggedModels: { method: "POST", path: "2.0/mlflow/logged-models/search" },
  searchRuns: { method: "POST", path: "2.0/mlflow/runs/search" },
  setExperimentTag: { method: "POST", path: "2.0/mlflow/experiments/set-experiment-tag" },
  setTag: { method: "POST", path: "2.0/mlflow/runs/set-tag" },
  updateExperiment: { method: "POST", path: "2.0/mlflow/experiments/update" },
  updateRun: { method: "POST", path: "2.0/mlflow/runs/update" },
  viewCurves: { method: "POST", path: "assay/1/views/curves" },
  viewExperiments: { method: "GET", path: "assay/1/views/experiments" },
  viewRuns: { method: "POST", path: "assay/1/views/runs" },
} as const;

/** What every operation takes and gives. */
export interface Operations {
  applyJournal: { request: ApplyJournal; response: AppliedResponse };
  createExperiment: { request: CreateExperiment; response: CreateExperimentResponse };
  createRun: { request: CreateRun; response: RunResponse };
  deleteExperiment: { request: DeleteExperiment; response: Empty };
  deleteExperimentTag: { request: DeleteExperimentTag; response: Empty };
  deleteRun: { request: DeleteRun; response: Empty };
  deleteTag: { request: DeleteTag; response: Empty };
  getExperiment: { request: GetExperiment; response: ExperimentResponse };
  getExperimentByName: { request: GetExperimentByName; response: ExperimentResponse };
  getMetricHistory: { request: GetMetricHistory; response: MetricHistory };
  getRun: { request: GetRun; response: RunResponse };
  getServerInfo: { request: GetServerInfo; response: ServerInfoResponse };
  listArtifacts: { request: ListArtifacts; response: ListArtifactsResponse };
  logBatch: { request: LogBatch; response: Empty };
  logMetric: { request: LogMetric; response: Empty };
  logParam: { request: LogParam; response: Empty };
  restoreExperiment: { request: RestoreExperiment; response: Empty };
  restoreRun: { request: RestoreRun; response: Empty };
  searchExperiments: { request: SearchExperiments; response: SearchExperimentsResponse };
  searchLoggedModels: { request: SearchLoggedModels; response: SearchLoggedModelsResponse };
  searchRuns: { request: SearchRuns; response: SearchRunsResponse };
  setExperimentTag: { request: SetExperimentTag; response: Empty };
  setTag: { request: SetTag; response: Empty };
  updateExperiment: { request: UpdateExperiment; response: Empty };
  updateRun: { request: UpdateRun; response: RunInfoResponse };
  viewCurves: { request: ViewCurves; response: Curves };
  viewExperiments: { request: ViewExperiments; response: ExperimentSummaries };
  viewRuns: { request: ViewRuns; response: RunColumns };
}
