import "../../styles/palette.css";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useFound } from "../../api/home";
import { Ago } from "../../components/ago";
import { Icon, type IconName } from "../../components/icons";
import { FormFailure, SkeletonRows } from "../../components/states";
import { Status } from "../../components/status";
import { plural } from "../../lib/format";
import {
  type Action,
  type Found,
  foundHref,
  kindHeading,
  markedParts,
  matchingActions,
  pageKind,
  type Visited,
} from "../../lib/palette";

const PAUSE = 90;
const MOST_ACTIONS = 8;

/** One line that can be chosen. */
interface Option {
  key: string;
  group: string;
  icon: IconName;
  label: string;
  /** Stands at the end of the line. */
  more: ReactNode;
  href?: string | undefined;
  run?: (() => void) | undefined;
}

interface Props {
  actions: Action[];
  visited: Visited[];
  onClose: () => void;
}

/** A search over everything, from anywhere: type, move with the arrows, Enter goes there. */
export default function Palette({ actions, visited, onClose }: Props) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const settled = useSettled(text.trim());
  const { data, error, isFetching } = useFound(settled);
  const options = optionsOf({ text: text.trim(), found: settled ? (data ?? []) : [], actions, visited });
  const active = Math.min(chosen, options.length - 1);
  const waiting = text.trim() !== settled || isFetching;
  const go = useGo(onClose);
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is brought into view when it changes
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active, options.length]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length > 0) {
      event.preventDefault();
      setChosen((active + step + options.length) % options.length);
    }
    if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      setChosen(nextGroup(options, active, event.key === "PageDown"));
    }
    if (event.key === "Enter" && options[active]) {
      event.preventDefault();
      go(options[active], event.ctrlKey || event.metaKey);
    }
  };
  return (
    <PaletteDialog onClose={onClose}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Search everything"
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          placeholder="Search runs, experiments, models, metrics, reports…"
          autoComplete="off"
          spellCheck={false}
          maxLength={250}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="kbd">Esc</kbd>
      </div>
      {error && <FormFailure error={error} className="palette-said" />}
      <div ref={list} id={`${id}-list`} className="palette-list" role="listbox" aria-label="Found">
        {groupsOf(options).map(({ group, first, members }) => (
          <div key={group} role="group" aria-labelledby={`${id}-${first}-group`}>
            <div id={`${id}-${first}-group`} className="palette-group" role="presentation">
              {group}
            </div>
            {members.map((option, place) => (
              <div
                key={option.key}
                id={`${id}-${first + place}`}
                role="option"
                tabIndex={-1}
                className="palette-option"
                aria-selected={first + place === active}
                onMouseMove={() => setChosen(first + place)}
                onClick={(event) => go(option, event.ctrlKey || event.metaKey)}
              >
                <Icon name={option.icon} />
                <bdi className="truncate palette-label">
                  <Marked label={option.label} text={settled} />
                </bdi>
                <span className="palette-more muted">{option.more}</span>
              </div>
            ))}
          </div>
        ))}
      </div>
      {options.length === 0 && waiting && !error && (
        <div className="palette-said">
          <SkeletonRows rows={4} height={32} />
        </div>
      )}
      {options.length === 0 && !waiting && !error && (
        <p className="palette-said muted">
          Nothing is called “{settled}”. Names, ids, aliases, tags of recent runs, and keys of metrics and params are
          looked through.
        </p>
      )}
      <p className="visually-hidden" role="status">
        {waiting ? "" : plural(options.length, "result")}
      </p>
      <footer className="palette-foot muted">
        <span>
          <kbd className="kbd">↑</kbd> <kbd className="kbd">↓</kbd> move
        </span>
        <span>
          <kbd className="kbd">Enter</kbd> open
        </span>
        <span className="wide-word">
          <kbd className="kbd">Ctrl</kbd> <kbd className="kbd">Enter</kbd> in a new tab
        </span>
      </footer>
    </PaletteDialog>
  );
}

/** A text once nothing was typed for a moment; one that is cleared counts at once. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === "" ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function useGo(onClose: () => void) {
  const [, navigate] = useLocation();
  return (option: Option, apart: boolean) => {
    if (option.href && apart) {
      open(option.href, "_blank", "noopener");
      return;
    }
    onClose();
    if (option.href) navigate(option.href);
    option.run?.();
  };
}

function PaletteDialog({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    dialog?.querySelector("input")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog palette"
      aria-label="Search everything"
      onClose={onClose}
      onClick={(event) => event.target === element.current && onClose()}
    >
      <div className="palette-inner">{children}</div>
    </dialog>
  );
}

const ICONS: Record<string, IconName> = {
  run: "play",
  experiment: "flask",
  model: "cube",
  version: "at",
  report: "book",
  view: "bookmark",
  metric: "columns",
  param: "columns",
};
const PAGE_ICONS: Record<string, IconName> = {
  Run: "play",
  Experiment: "flask",
  Model: "cube",
  Version: "at",
  "Logged model": "cube",
  Report: "book",
};

interface Sources {
  text: string;
  found: Found[];
  actions: Action[];
  visited: Visited[];
}

function optionsOf({ text, found, actions, visited }: Sources): Option[] {
  const acts = matchingActions(actions, text)
    .slice(0, MOST_ACTIONS)
    .map((action) => ({
      key: `action ${action.label}`,
      group: "Actions",
      icon: "right" as const,
      label: action.label,
      more: action.keys && <Keys keys={action.keys} />,
      href: action.href,
      run: action.run,
    }));
  if (text === "") return [...visited.map(visitedOption), ...acts];
  // A kind whose nearest match is nearer than that of another comes first, as the server has it.
  const things = found.map((item, place) => ({
    key: `${item.kind} ${item.id} ${place}`,
    group: kindHeading(item.kind),
    icon: ICONS[item.kind] ?? "file",
    label: item.label || item.id,
    more: <About item={item} />,
    href: foundHref(item),
  }));
  return [...things, ...acts];
}

function visitedOption({ href, label }: Visited): Option {
  const kind = pageKind(href);
  return { key: href, group: "Recent", icon: PAGE_ICONS[kind] ?? "history", label, more: kind, href };
}

function Keys({ keys }: { keys: string }) {
  return keys.split(" ").map((key) => (
    <kbd key={key} className="kbd">
      {key}
    </kbd>
  ));
}

function About({ item }: { item: Found }) {
  if (item.kind === "version" || item.kind === "model") {
    return item.version ? `version ${item.version}` : "no version";
  }
  return (
    <>
      <bdi className="truncate">{item.match || item.experiment_name}</bdi>
      {item.kind === "run" && item.status !== "FINISHED" && <Status status={item.status} />}
      {item.time > 0 && item.kind !== "experiment" && (
        <span className="palette-time">
          <Ago time={item.time} />
        </span>
      )}
    </>
  );
}

function Marked({ label, text }: { label: string; text: string }) {
  return markedParts(label, text).map((part, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one label have nothing else
    part.marked ? <mark key={place}>{part.text}</mark> : <span key={place}>{part.text}</span>,
  );
}

function groupsOf(options: Option[]): Array<{ group: string; first: number; members: Option[] }> {
  const groups: Array<{ group: string; first: number; members: Option[] }> = [];
  options.forEach((option, place) => {
    const last = groups.at(-1);
    if (last?.group === option.group) last.members.push(option);
    else groups.push({ group: option.group, first: place, members: [option] });
  });
  return groups;
}

/** The first option of the next group, or of the one before. */
function nextGroup(options: Option[], active: number, down: boolean): number {
  const firsts = groupsOf(options).map((group) => group.first);
  const next = down ? firsts.find((first) => first > active) : firsts.findLast((first) => first < active);
  return next ?? active;
}
