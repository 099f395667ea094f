import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type { Operations, Report, ReportResponse } from "./generated";

const PAGE = 100;

/** Reports of an experiment, or of all, the last changed first. */
export function useReports(experimentId: string) {
  return useInfiniteQuery({
    queryKey: ["reports", experimentId],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call("searchReports", { experiment_id: experimentId, max_results: PAGE, page_token: pageParam }, signal),
    getNextPageParam: (last) => last.next_page_token || undefined,
  });
}

/** One report, and what its reader may do with it; it is read again when the window is looked at again. */
export function useReport(reportId: string) {
  return useQuery({
    queryKey: ["report", reportId],
    refetchOnWindowFocus: "always",
    queryFn: ({ signal }) => call("getReport", { report_id: reportId }, signal),
  });
}

type Write = "createReport" | "updateReport" | "deleteReport";

/** A change of reports; what was read of them is read again, or taken from the answer. */
export function useReportWrite<Name extends Write>(name: Name) {
  const client = useQueryClient();
  return useMutation<Operations[Name]["response"], Error, Operations[Name]["request"]>({
    mutationFn: (request) => call(name, request),
    onSuccess: async (answer) => {
      const report = "report" in answer ? (answer.report as Report) : undefined;
      if (report) {
        client.setQueryData<ReportResponse>(["report", report.report_id], (known) => ({ ...known, report }));
      }
      await client.invalidateQueries({ queryKey: ["reports"] });
    },
  });
}
