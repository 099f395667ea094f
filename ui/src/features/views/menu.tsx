import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { type SavedView, useSavedViews, useViewWrite } from "../../api/pages";
import { useMay } from "../../components/access";
import { copyText } from "../../components/copy";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { NameDialog } from "../../components/name-dialog";
import { useQueryText } from "../../components/parameters";
import { Popover } from "../../components/popover";
import { attempt, tell } from "../../components/toast";
import { SAVED, type Standing, shownBy, standingOf } from "../../lib/views";
import { ViewList } from "./list";
import { openView } from "./open";
import { rename as renameHere, useViewActs, type ViewActs } from "./use-acts";

/** The views of an experiment: opens the default one, tells which is shown and whether it was changed since. */
export function ViewsMenu({ experimentId }: { experimentId: string }) {
  const text = useQueryText();
  const { data, refetch } = useSavedViews(experimentId);
  const views = data ?? [];
  const standing = standingOf(views, text);
  const { current, changed, opening } = standing;
  const missing = data && standing.missing;
  const [naming, setNaming] = useState<SavedView | "new" | undefined>();
  const acts = useViewActs(experimentId);
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (opening) openView(opening, { replace: true });
  }, [opening]);
  useEffect(() => {
    if (missing) tell(`There is no view ${missing} any more. What the address says is shown.`);
  }, [missing]);
  useKeys({ v: () => place.current?.querySelector("button")?.click() });
  return (
    <span ref={place} className="views">
      <Popover
        className="button quiet views-button"
        label={current ? `Saved views: ${current.name}${changed ? ", changed" : ""}` : "Saved views"}
        button={
          <>
            <Icon name="bookmark" />
            <span className="truncate views-name">{current?.name ?? "Views"}</span>
            {changed && <span className="views-changed">changed</span>}
          </>
        }
      >
        {(close) => (
          <Menu
            experimentId={experimentId}
            acts={acts}
            views={views}
            standing={standing}
            close={close}
            name={setNaming}
            opened={() => void refetch()}
          />
        )}
      </Popover>
      {naming && (
        <NamingDialog experimentId={experimentId} views={views} naming={naming} onClose={() => setNaming(undefined)} />
      )}
    </span>
  );
}

interface MenuProps {
  experimentId: string;
  acts: ViewActs;
  views: SavedView[];
  standing: Standing<SavedView>;
  close: () => void;
  name: (naming: SavedView | "new") => void;
  opened: () => void;
}

function Menu({ experimentId, acts, views, standing, close, name, opened }: MenuProps) {
  const { current, changed } = standing;
  const mayEdit = useMay("EDIT");
  // Others may have made views since the page was opened.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the menu opens
  useEffect(opened, []);
  const act = (work: () => void) => () => {
    close();
    work();
  };
  const share = async () => {
    await copyText(location.href);
    tell("The link to what you see is copied.");
  };
  return (
    <>
      {views.length > 0 && <ViewList acts={acts} views={views} current={current} close={close} rename={name} />}
      {views.length === 0 && (
        <p className="views-none muted">
          A view keeps filter, order, columns and charts under a name, for everyone who works on this experiment.
        </p>
      )}
      <div className="menu-line" />
      {current && changed && (
        <>
          {mayEdit && (
            <button type="button" className="menu-item" onClick={act(() => acts.update(current))}>
              <Icon name="check" />
              <span className="truncate">Update {current.name}</span>
            </button>
          )}
          <button type="button" className="menu-item" onClick={act(() => openView(current))}>
            <Icon name="reset" />
            <span className="truncate">Back to {current.name}</span>
          </button>
        </>
      )}
      {mayEdit && (
        <button type="button" className="menu-item" onClick={act(() => name("new"))}>
          <Icon name="plus" />
          Save as a new view
        </button>
      )}
      <button type="button" className="menu-item" onClick={act(() => void attempt("The link was not copied", share))}>
        <Icon name="link" />
        Copy the link
      </button>
      <Link className="menu-item" href={`/reports?experiment=${experimentId}`} onClick={close}>
        <Icon name="book" />
        Reports of the experiment
      </Link>
    </>
  );
}

interface NamingProps {
  experimentId: string;
  views: SavedView[];
  naming: SavedView | "new";
  onClose: () => void;
}

/** Asks for the name of a new view, or for another one. */
function NamingDialog({ experimentId, views, naming, onClose }: NamingProps) {
  const set = useViewWrite("setSavedView", experimentId);
  const rename = useViewWrite("renameSavedView", experimentId);
  const [taken, setTaken] = useState<Error | null>(null);
  const fresh = naming === "new";
  const submit = async (name: string) => {
    setTaken(null);
    if (fresh && views.some((view) => view.name === name)) {
      setTaken(new Error(`There is a view ${name} already. Open it to update it, or choose another name.`));
      return;
    }
    const { view } = fresh
      ? await set.mutateAsync({ name, address: shownBy(location.search) })
      : await rename.mutateAsync({ name: naming.name, new_name: name });
    const here = new URLSearchParams(location.search).get(SAVED);
    if (fresh || here === naming.name) renameHere(view.name);
    onClose();
  };
  return (
    <NameDialog
      title={fresh ? "Save what you see as a view" : "Rename the view"}
      verb={fresh ? "Save" : "Rename"}
      initial={fresh ? "" : naming.name}
      pending={set.isPending || rename.isPending}
      error={taken ?? set.error ?? rename.error}
      submit={submit}
      onClose={onClose}
    />
  );
}
