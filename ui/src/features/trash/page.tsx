import "../../styles/trash.css";
import { useState } from "react";
import { Link } from "wouter";
import type { DeletedItem } from "../../api/generated";
import { useIsAdmin } from "../../api/session";
import { useRestore, useTrash, useTrashSizes } from "../../api/trash";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { Icon, type IconName } from "../../components/icons";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { attempt, tell } from "../../components/toast";
import { formatBytes, plural } from "../../lib/format";
import { includes } from "../../lib/levels";
import { RemoveDialog } from "./remove-dialog";

const KINDS: Record<string, { label: string; icon: IconName }> = {
  experiment: { label: "Experiment", icon: "flask" },
  run: { label: "Run", icon: "play" },
  model: { label: "Logged model", icon: "cube" },
};

/** What was deleted: restore it, or remove it for good. */
export default function TrashPage() {
  useCrumbs([{ label: "Experiments", href: "/" }, { label: "Trash" }]);
  const trash = useTrash();
  const items = trash.data?.pages.flatMap((page) => page.items) ?? [];
  const isAdmin = useIsAdmin() || items.every((item) => item.permission === "");
  const [measuring, setMeasuring] = useState(false);
  const [removing, setRemoving] = useState<DeletedItem[]>();
  const sizes = useTrashSizes(items, measuring);
  // What is in an experiment is measured run by run.
  const sizeOf = (item: DeletedItem) =>
    (sizes.data?.items ?? []).find((one) => item.kind !== "experiment" && one.kind === item.kind && one.id === item.id)
      ?.size;
  return (
    <div className="page scrolls">
      <div className="page-inner narrow">
        <div className="page-head trash-head">
          <h1>Trash</h1>
          <span className="spring" />
          {isAdmin && items.length > 0 && (
            <>
              <button
                type="button"
                className="button quiet"
                disabled={measuring && sizes.isFetching}
                onClick={() => setMeasuring(true)}
              >
                {measuring && sizes.isFetching ? "Measuring…" : "Measure sizes"}
              </button>
              <button type="button" className="button" onClick={() => setRemoving(items)}>
                <Icon name="trash" />
                Remove all for good
              </button>
            </>
          )}
        </div>
        {trash.error && (
          <Failure
            small={trash.data !== undefined}
            title="The trash could not be read"
            error={trash.error}
            retry={() => void trash.refetch()}
          />
        )}
        {sizes.error && (
          <Failure
            small
            title="The sizes could not be measured"
            error={sizes.error}
            retry={() => void sizes.refetch()}
          />
        )}
        {!trash.data && !trash.error && <SkeletonRows rows={8} height={44} />}
        {trash.data && items.length === 0 && (
          <Empty title="The trash is empty" icon="trash">
            <p className="muted">
              Deleted experiments, runs and logged models stay here until they are removed for good.
            </p>
            <Link className="button" href="/">
              All experiments
            </Link>
          </Empty>
        )}
        <ul className="trash-list" aria-label="Deleted">
          {items.map((item) => (
            <DeletedLine
              key={`${item.kind} ${item.id}`}
              item={item}
              size={sizeOf(item)}
              remove={isAdmin ? () => setRemoving([item]) : undefined}
            />
          ))}
        </ul>
        {trash.hasNextPage && (
          <button type="button" className="button" onClick={() => void trash.fetchNextPage()}>
            Show more
          </button>
        )}
      </div>
      {removing && <RemoveDialog items={removing} onClose={() => setRemoving(undefined)} />}
    </div>
  );
}

interface LineProps {
  item: DeletedItem;
  size: number | undefined;
  /** Undefined for who may not. */
  remove: (() => void) | undefined;
}

function DeletedLine({ item, size, remove }: LineProps) {
  const { kind, name, id, deleted_at: deletedAt } = item;
  const restore = useRestore();
  const bring = () =>
    attempt(`${name || id} was not restored`, async () => {
      await restore.mutateAsync(item);
      tell(`${name || id} is back.`);
    });
  const words = KINDS[kind] ?? { label: kind, icon: "file" as const };
  return (
    <li className="trash-line">
      <Icon name={words.icon} />
      <span className="trash-name">
        <bdi className="truncate" title={name}>
          {name || id}
        </bdi>
        <span className="muted truncate">
          {words.label}
          {kind === "experiment" ? ` with ${plural(item.runs, "run")}` : ` of ${item.experiment_name}`}
        </span>
      </span>
      <span className="muted trash-size number">{size === undefined ? "" : formatBytes(size)}</span>
      <span className="muted trash-time">{deletedAt > 0 && <Ago time={deletedAt} />}</span>
      {includes(item.permission, "MANAGE") && (
        <button
          type="button"
          className="button"
          aria-label={`Restore ${name || id}`}
          disabled={restore.isPending}
          onClick={() => void bring()}
        >
          <Icon name="reset" />
          <span className="wide-word">Restore</span>
        </button>
      )}
      {remove && (
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`Remove ${name || id} for good`}
          title="Remove for good"
          onClick={remove}
        >
          <Icon name="trash" />
        </button>
      )}
    </li>
  );
}
