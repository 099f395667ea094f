import { type ComponentType, lazy } from "react";
import ExperimentRoute from "./experiment-route";

/** What a page is given: the parts of its address. */
export type PageProps = Record<string, string>;

interface Route {
  path: string;
  page: ComponentType<PageProps>;
}

const loadHome = () => import("../features/experiments/page");
if (location.pathname === "/") void loadHome();

/** Every page of the app. The run table comes with the app, the others when they are opened. */
export const ROUTES: Route[] = [
  { path: "/", page: lazy(loadHome) },
  { path: "/experiments/:experimentId", page: ExperimentRoute },
  { path: "/runs/:runId", page: lazy(() => import("./run-route")) },
  { path: "/models", page: lazy(() => import("../features/models/list-page")) },
  { path: "/models/:name", page: lazy(() => import("../features/models/model-page")) },
  { path: "/experiments/:experimentId/models", page: lazy(() => import("../features/models/logged-models-page")) },
  { path: "/m/:modelId", page: lazy(() => import("./logged-model-route")) },
  { path: "/models/:name/compare", page: lazy(() => import("../features/models/compare-page")) },
  { path: "/models/:name/versions/:version", page: lazy(() => import("./version-route")) },
  { path: "/runs/:runId/sweep", page: lazy(() => import("../features/analysis/sweep-page")) },
  { path: "/experiments/:experimentId/analyse", page: lazy(() => import("../features/analysis/page")) },
  { path: "/reports", page: lazy(() => import("../features/reports/list-page")) },
  { path: "/reports/:reportId", page: lazy(() => import("./report-route")) },
  { path: "/trash", page: lazy(() => import("../features/trash/page")) },
  { path: "/settings", page: lazy(() => import("../features/settings/page")) },
  { path: "/compare", page: lazy(() => import("./compare-route")) },
];
