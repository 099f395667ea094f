import "../../styles/permissions.css";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { ResourceGrant, ResourceHoldersResponse } from "../../api/generated";
import { type Resource, useGrantWrite, useHolders } from "../../api/permissions";
import { useCurrentUser } from "../../api/session";
import { Dialog } from "../../components/dialog";
import { Failure, SkeletonRows } from "../../components/states";
import { attempt, tell } from "../../components/toast";
import { placeOf } from "../../lib/holders";
import { GrantForm } from "./grant-form";
import { GrantList } from "./grant-list";
import { HolderCard } from "./holder-card";

interface Props {
  on: Resource;
  name: string;
  /** The page of what it is about. */
  back: string;
}

/** Who may do what with an experiment or a model, why, and how that is changed. */
export function Permissions({ on, name, back }: Props) {
  const { data, error, refetch } = useHolders(on);
  if (error && !data) {
    const retry = () => void refetch();
    return <Failure page title="Who may do what could not be read" error={error} retry={retry} />;
  }
  return (
    <div className="page-inner narrow permissions">
      <div className="page-head">
        <h1>
          Permissions <span className="muted">of</span> <bdi>{name}</bdi>
        </h1>
      </div>
      {data ? <Loaded on={on} name={name} back={back} told={data} /> : <SkeletonRows rows={10} />}
    </div>
  );
}

/** Whom a grant is for, as operations name them. */
export function granteeOf({ username, role_name }: ResourceGrant): { username: string } | { role_name: string } {
  return username ? { username } : { role_name: role_name ?? "" };
}

/** A change of a grant; an empty level takes it back. */
interface Change {
  grant: ResourceGrant;
  level: string;
}

function Loaded({ on, name, back, told }: Props & { told: ResourceHoldersResponse }) {
  const here = told.grants.filter((grant) => placeOf(grant) === "");
  const wide = told.grants.filter((grant) => placeOf(grant) !== "");
  const { data: user } = useCurrentUser();
  const [asked, setAsked] = useState<Change>();
  const apply = useChange(on);
  const change = (wanted: Change) => {
    const isOwn = user?.username === wanted.grant.username && !user.is_admin;
    if (isOwn && wanted.grant.permission === "MANAGE") setAsked(wanted);
    else void apply(wanted);
  };
  return (
    <>
      <section className="card" aria-labelledby="granted-here">
        <h2 id="granted-here">Granted here</h2>
        <GrantList grants={here} what={on.kind} onChange={(grant, level) => change({ grant, level })} />
        <GrantForm on={on} grants={here} />
      </section>
      {wide.length > 0 && (
        <section className="card" aria-labelledby="granted-elsewhere">
          <h2 id="granted-elsewhere">Granted on more</h2>
          <p className="muted">It counts here, too; administrators change it.</p>
          <GrantList grants={wide} what={on.kind} />
        </section>
      )}
      <HolderCard told={told} />
      <p>
        <Link href={back}>Back to {name}</Link>
      </p>
      {asked && <OwnDialog asked={asked} name={name} back={back} apply={apply} onClose={() => setAsked(undefined)} />}
    </>
  );
}

/** Does a change, with a way back; whether it was done. */
function useChange(on: Resource) {
  const set = useGrantWrite("setResourceGrant");
  const remove = useGrantWrite("removeResourceGrant");
  return async ({ grant, level }: Change): Promise<boolean> => {
    const to = { resource_type: on.kind, resource_id: on.id, ...granteeOf(grant) };
    const who = grant.username || `group ${grant.role_name}`;
    const put = (permission: string) => set.mutateAsync({ ...to, permission });
    const undo = () => void attempt(`What ${who} may do was not put back`, () => put(grant.permission));
    return attempt(`What ${who} may do was not changed`, async () => {
      await (level ? put(level) : remove.mutateAsync(to));
      const done = level ? `${who} has ${level} here now.` : `Took back what was granted to ${who}.`;
      tell(done, { action: { label: "Undo", run: undo } });
    });
  };
}

interface OwnProps {
  asked: Change;
  name: string;
  back: string;
  apply: (change: Change) => Promise<boolean>;
  onClose: () => void;
}

/** Asks before readers take away their own right to change this. */
function OwnDialog({ asked, name, back, apply, onClose }: OwnProps) {
  const [, navigate] = useLocation();
  const go = async () => {
    onClose();
    if (await apply(asked)) navigate(back);
  };
  return (
    <Dialog title={`Manage ${name} no longer?`} onClose={onClose}>
      <p>
        What is granted to you is how you grant to others. Only another manager, or an administrator, can undo this.
      </p>
      <footer className="dialog-buttons">
        <span className="spring" />
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="button danger" onClick={() => void go()}>
          {asked.level ? `Have ${asked.level} only` : "Take it back"}
        </button>
      </footer>
    </Dialog>
  );
}
