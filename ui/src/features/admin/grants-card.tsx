import { useId } from "react";
import { Link } from "wouter";
import type { NamedGrant, RoleSummary } from "../../api/generated";
import { useGrantWrite } from "../../api/permissions";
import { Icon, type IconName } from "../../components/icons";
import { LevelPicker, LevelWord } from "../../components/level-picker";
import { MoreButton, useMore } from "../../components/more";
import { attempt, tell } from "../../components/toast";
import type { GrantedOn } from "../../lib/levels";
import { modelPath } from "../../lib/models";
import { groupPath } from "../../lib/people";
import { NewGrant } from "./new-grant";
import { stayInCard } from "./stay-in-card";

/** To whom something is granted. */
export type GrantHolder = { username: string } | { role_name: string };

interface Props {
  title: string;
  /** To whom the grants are, where they can be changed here. */
  holder?: GrantHolder;
  /** By which groups they come, where they come by groups. */
  groups?: ReadonlyMap<number, RoleSummary>;
  grants: NamedGrant[];
  none: string;
}

const ICONS: Record<string, IconName> = { experiment: "flask", registered_model: "cube", workspace: "data" };

/** What is granted, with its levels; and a way to grant more. */
export function GrantsCard({ title, holder, groups, grants, none }: Props) {
  const heading = useId();
  const more = useMore(title);
  return (
    <section className="card admin-card" aria-labelledby={heading} tabIndex={-1}>
      <h2 id={heading}>{title}</h2>
      {grants.length === 0 && <p className="muted">{none}</p>}
      {grants.length > 0 && (
        <ul className="admin-lines">
          {grants.slice(0, more.limit).map((grant) => (
            <li key={grant.id} className="admin-line">
              <GrantedThing grant={grant} group={groups?.get(grant.role_id)} />
              {holder ? <GrantActs holder={holder} grant={grant} /> : <LevelWord level={grant.permission} />}
            </li>
          ))}
        </ul>
      )}
      <MoreButton more={more} count={grants.length} />
      {holder && <NewGrant holder={holder} grants={grants} />}
    </section>
  );
}

/** What a grant is on, in words. */
export function grantedName({ resource_type: kind, resource_id: id, name }: NamedGrant): string {
  if (kind === "workspace") return "Everything";
  if (id === "*") return kind === "experiment" ? "All experiments" : "All registered models";
  return name;
}

function GrantedThing({ grant, group }: { grant: NamedGrant; group: RoleSummary | undefined }) {
  const { resource_type: kind, resource_id: id } = grant;
  const name = grantedName(grant);
  const href = kind === "experiment" ? `/experiments/${id}` : modelPath(id);
  return (
    <span className="admin-thing">
      <Icon name={ICONS[kind] ?? "file"} />
      <span className="admin-words">
        {id === "*" ? (
          <strong>{name}</strong>
        ) : (
          <Link className="truncate" href={href} title={name}>
            <bdi>{name}</bdi>
          </Link>
        )}
        <span className="muted truncate">
          {id !== "*" && (kind === "experiment" ? `experiment ${id}` : "registered model")}
          {group && (
            <>
              {id !== "*" && " · "}by <Link href={groupPath(group.id)}>{group.name}</Link>
            </>
          )}
        </span>
      </span>
    </span>
  );
}

function GrantActs({ holder, grant }: { holder: GrantHolder; grant: NamedGrant }) {
  const set = useGrantWrite("setResourceGrant");
  const remove = useGrantWrite("removeResourceGrant");
  const { resource_type, resource_id, permission } = grant;
  const name = grantedName(grant);
  const to = { ...holder, resource_type, resource_id };
  const put = (level: string) => set.mutateAsync({ ...to, permission: level });
  const tellDone = (done: string) => {
    const run = () => void attempt(`The grant on ${name} was not put back`, () => put(permission));
    tell(done, { action: { label: "Undo", run } });
  };
  const change = (level: string) =>
    attempt(`The level on ${name} was not changed`, async () => {
      await put(level);
      tellDone(`The level on ${name} is ${level} now.`);
    });
  const takeBack = () =>
    attempt(`The grant on ${name} was not taken back`, async () => {
      await remove.mutateAsync(to);
      tellDone(`Took back the grant on ${name}.`);
    });
  return (
    <>
      <LevelPicker
        label={`Level on ${name}`}
        level={permission}
        what={resource_type as GrantedOn}
        onLevel={(level) => void change(level)}
      />
      <button
        type="button"
        className="button quiet icon-only"
        aria-label={`Take back the grant on ${name}`}
        title="Take back"
        disabled={remove.isPending}
        onClick={(event) => {
          stayInCard(event.currentTarget);
          void takeBack();
        }}
      >
        <Icon name="close" />
      </button>
    </>
  );
}
