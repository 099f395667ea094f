import type { ComponentType } from "react";
import { useExperiment, usePermission } from "../api/queries";
import { useNotForYou } from "../api/session";
import { Access } from "../components/access";
import { Failure } from "../components/states";
import type { PageProps } from "./routes";

/** A page that shows part of an experiment: what the reader may do in it, or that it cannot be read. */
export function ofExperiment(Page: ComponentType<PageProps>): ComponentType<PageProps> {
  return function OfExperiment(props: PageProps) {
    const { error, data, refetch } = useExperiment(props.experimentId);
    const permission = usePermission(props.experimentId);
    const hint = useNotForYou(error);
    if (error && !data) {
      const retry = () => void refetch();
      return <Failure page title="The experiment could not be read" error={error} hint={hint} retry={retry} />;
    }
    return (
      <Access permission={permission}>
        <Page {...props} />
      </Access>
    );
  };
}
