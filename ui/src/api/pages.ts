import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type { ExperimentPage, Operations, SavedView as SentView } from "./generated";
import { useExperimentPage } from "./queries";

/** A view of an experiment under a name. */
export type SavedView = SentView & { address: Record<string, string> };

/** The saved views of an experiment, by name. */
export function useSavedViews(experimentId: string) {
  return useExperimentPage(experimentId, viewsOf);
}

function viewsOf({ views = [] }: ExperimentPage): SavedView[] {
  return views.map((view) => ({ ...view, address: view.address ?? {} }));
}

type ViewWrite = "setSavedView" | "renameSavedView" | "deleteSavedView";

/** A change of the saved views of an experiment; afterwards they are read again. */
export function useViewWrite<Name extends ViewWrite>(name: Name, experimentId: string) {
  const client = useQueryClient();
  return useMutation<Operations[Name]["response"], Error, Omit<Operations[Name]["request"], "experiment_id">>({
    mutationFn: (request) => call(name, { ...request, experiment_id: experimentId } as Operations[Name]["request"]),
    onSuccess: () => client.invalidateQueries({ queryKey: ["experiment", experimentId] }),
  });
}
