import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/pages.css";
import "./styles/filter.css";
import "./styles/table.css";
import "./styles/table-parts.css";
import "./styles/cards.css";
import "./styles/run.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect } from "./api/live";
import { queryClient } from "./api/queries";
import { Shell } from "./app/shell";
import { startTheme } from "./lib/theme";
import { fromMlflowHash } from "./lib/url-state";

/** Lead the addresses that MLflow's client prints, such as `/#/experiments/1/runs/abc`, to their pages here. */
function followMlflowHash(): void {
  const target = fromMlflowHash(location.hash);
  if (target) history.replaceState(null, "", target);
}

followMlflowHash();
addEventListener("hashchange", followMlflowHash);
startTheme();
connect();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Shell />
    </QueryClientProvider>
  </StrictMode>,
);
