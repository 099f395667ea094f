import { useRef } from "react";
import type { ResourceGrant } from "../../api/generated";
import { Icon } from "../../components/icons";
import { LevelPicker, LevelWord } from "../../components/level-picker";
import { plural } from "../../lib/format";
import { placeOf } from "../../lib/holders";
import type { GrantedOn } from "../../lib/levels";

interface Props {
  grants: ResourceGrant[];
  what: GrantedOn;
  /** An empty level takes it back; without it, nothing can be changed here. */
  onChange?: (grant: ResourceGrant, level: string) => void;
}

/** Grants, each with its level and a way to take it back. */
export function GrantList({ grants, what, onChange }: Props) {
  const list = useRef<HTMLUListElement>(null);
  if (grants.length === 0) return <p className="muted">Nothing is granted on it alone.</p>;
  return (
    <ul className="grants" ref={list} tabIndex={-1} aria-label={onChange ? "Grants here" : "Grants on more"}>
      {grants.map((grant) => {
        const name = grant.username || `group ${grant.role_name}`;
        return (
          <li key={`${grant.role_id} ${grant.resource_type} ${grant.resource_pattern}`}>
            <Grantee grant={grant} />
            {onChange ? (
              <>
                <LevelPicker
                  label={`What ${name} may do`}
                  level={grant.permission}
                  what={what}
                  onLevel={(level) => onChange(grant, level)}
                />
                <button
                  type="button"
                  className="button quiet icon-only"
                  aria-label={`Take back what is granted to ${name}`}
                  title="Take it back"
                  onClick={() => {
                    list.current?.focus();
                    onChange(grant, "");
                  }}
                >
                  <Icon name="close" />
                </button>
              </>
            ) : (
              <LevelWord level={grant.permission} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Grantee({ grant }: { grant: ResourceGrant }) {
  const place = placeOf(grant);
  return (
    <span className="grantee">
      <bdi className="truncate" title={grant.username || grant.role_name}>
        {grant.username || grant.role_name}
      </bdi>
      {!grant.username && <span className="chip">group of {plural(grant.members ?? 0, "user")}</span>}
      {place && <span className="muted">on {place}</span>}
    </span>
  );
}
