import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** What a page is given: the parts of its address. */
export type PageProps = Record<string, string>;

interface Route {
  path: string;
  page: LazyExoticComponent<ComponentType<PageProps>>;
}

/** Every page of the app. */
export const ROUTES: Route[] = [
  { path: "/", page: lazy(() => import("../features/experiments/page")) },
  { path: "/experiments/:experimentId", page: lazy(() => import("../features/runs/table-page")) },
];
