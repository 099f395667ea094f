import type { SavedView } from "../../api/pages";
import { May } from "../../components/access";
import { Icon, type IconName } from "../../components/icons";
import { openView } from "./open";
import type { ViewActs } from "./use-acts";

interface Props {
  acts: ViewActs;
  views: SavedView[];
  current: SavedView | undefined;
  close: () => void;
  rename: (view: SavedView) => void;
}

/** The views of an experiment, and the plain page. */
export function ViewList({ acts, views, current, close, rename }: Props) {
  const show = (view: SavedView | undefined) => () => {
    close();
    openView(view);
  };
  return (
    <ul className="views-list" aria-label="Saved views">
      {views.map((view) => (
        <li key={view.name} className="views-line">
          <button
            type="button"
            className="menu-item"
            aria-current={view.name === current?.name ? "true" : undefined}
            title={view.created_by ? `${view.name}, by ${view.created_by}` : view.name}
            onClick={show(view)}
          >
            <Icon name={view.name === current?.name ? "check" : "bookmark"} />
            <bdi className="truncate">{view.name}</bdi>
            {view.is_default && <span className="chip">default</span>}
          </button>
          <May level="EDIT">
            <ViewButtons acts={acts} view={view} close={close} rename={rename} />
          </May>
        </li>
      ))}
      <li className="views-line">
        <button type="button" className="menu-item" onClick={show(undefined)}>
          <Icon name="columns" />
          No view
        </button>
      </li>
    </ul>
  );
}

interface ButtonProps {
  acts: ViewActs;
  view: SavedView;
  close: () => void;
  rename: (view: SavedView) => void;
}

function ViewButtons({ acts, view, close, rename }: ButtonProps) {
  const { name, is_default: isDefault } = view;
  const after = (work: () => void) => () => {
    close();
    work();
  };
  return (
    <>
      <Act
        icon="star"
        label={isDefault ? `No longer open ${name} by default` : `Open ${name} by default`}
        pressed={isDefault === true}
        onClick={() => acts.turnDefault(view)}
      />
      <Act icon="pencil" label={`Rename ${name}`} onClick={after(() => rename(view))} />
      <Act icon="trash" label={`Delete ${name}`} onClick={after(() => acts.remove(view))} />
    </>
  );
}

interface ActProps {
  icon: IconName;
  label: string;
  pressed?: boolean;
  onClick: () => void;
}

function Act({ icon, label, pressed, onClick }: ActProps) {
  return (
    <button
      type="button"
      className="button quiet icon-only"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
