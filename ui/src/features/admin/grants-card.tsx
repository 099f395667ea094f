import { useId } from "react";
import { Link } from "wouter";
import { useAdminWrite } from "../../api/admin";
import type { NamedGrant, RoleSummary } from "../../api/generated";
import { Icon, type IconName } from "../../components/icons";
import { LevelPicker, LevelWord } from "../../components/level-picker";
import { MoreButton, useMore } from "../../components/more";
import { attempt } from "../../components/toast";
import type { GrantedOn } from "../../lib/levels";
import { modelPath } from "../../lib/models";
import { groupPath } from "../../lib/people";
import { NewGrant } from "./new-grant";

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
    <section className="card admin-card" aria-labelledby={heading}>
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
  const set = useAdminWrite("setResourceGrant");
  const remove = useAdminWrite("removeResourceGrant");
  const { resource_type, resource_id, permission } = grant;
  const name = grantedName(grant);
  return (
    <>
      <LevelPicker
        label={`Level on ${name}`}
        level={permission}
        what={resource_type as GrantedOn}
        onLevel={(level) =>
          attempt(`The level on ${name} was not changed`, () =>
            set.mutateAsync({ ...holder, resource_type, resource_id, permission: level }),
          )
        }
      />
      <button
        type="button"
        className="button quiet icon-only"
        aria-label={`Take back the grant on ${name}`}
        title="Take back"
        disabled={remove.isPending}
        onClick={() =>
          attempt(`The grant on ${name} was not taken back`, () =>
            remove.mutateAsync({ ...holder, resource_type, resource_id }),
          )
        }
      >
        <Icon name="close" />
      </button>
    </>
  );
}
