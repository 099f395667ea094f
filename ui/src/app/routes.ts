import type { ComponentType } from "react";
import { later } from "../components/later";
import { PAGE_TO_COME } from "../components/states";
import ExperimentRoute from "./experiment-route";
import { ofExperiment } from "./of-experiment";
import RunRoute from "./run-route";

/** What a page is given: the parts of its address. */
export type PageProps = Record<string, string>;

interface Route {
  path: string;
  page: ComponentType<PageProps>;
}

const page = (fetchPage: () => Promise<{ default: ComponentType<PageProps> }>) => later(fetchPage, PAGE_TO_COME);

/** What stands in the place of every page while the server does not know who it is for. */
export const SignIn = page(() => import("../features/session/sign-in"));

/** Every page of the app. The run table comes with the app, the others when they are opened. */
export const ROUTES: Route[] = [
  { path: "/", page: page(() => import("../features/experiments/page")) },
  { path: "/experiments/:experimentId", page: ofExperiment(ExperimentRoute) },
  { path: "/runs/:runId", page: RunRoute },
  { path: "/models", page: page(() => import("../features/models/list-page")) },
  { path: "/models/:name", page: page(() => import("../features/models/model-page")) },
  {
    path: "/experiments/:experimentId/models",
    page: ofExperiment(page(() => import("../features/models/logged-models-page"))),
  },
  {
    path: "/experiments/:experimentId/permissions",
    page: ofExperiment(page(() => import("../features/permissions/experiment-page"))),
  },
  { path: "/models/:name/permissions", page: page(() => import("../features/permissions/model-page")) },
  { path: "/m/:modelId", page: page(() => import("./logged-model-route")) },
  { path: "/models/:name/compare", page: page(() => import("../features/models/compare-page")) },
  { path: "/models/:name/versions/:version", page: page(() => import("./version-route")) },
  { path: "/runs/:runId/sweep", page: page(() => import("../features/analysis/sweep-page")) },
  {
    path: "/experiments/:experimentId/analyse",
    page: ofExperiment(page(() => import("../features/analysis/page"))),
  },
  { path: "/reports", page: page(() => import("../features/reports/list-page")) },
  { path: "/reports/:reportId", page: page(() => import("./report-route")) },
  { path: "/trash", page: page(() => import("../features/trash/page")) },
  { path: "/admin", page: page(() => import("../features/admin/users-page")) },
  { path: "/admin/users", page: page(() => import("../features/admin/users-page")) },
  { path: "/admin/users/:username", page: page(() => import("../features/admin/user-page")) },
  { path: "/admin/groups", page: page(() => import("../features/admin/groups-page")) },
  { path: "/admin/groups/:group", page: page(() => import("../features/admin/group-page")) },
  { path: "/admin/audit", page: page(() => import("../features/admin/audit-page")) },
  { path: "/settings", page: page(() => import("../features/settings/page")) },
  { path: "/compare", page: page(() => import("./compare-route")) },
];
