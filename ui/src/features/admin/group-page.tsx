import { useState } from "react";
import { useLocation } from "wouter";
import { useAdminWrite, useGroupPage } from "../../api/admin";
import type { RolePage } from "../../api/generated";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { LossDialog } from "../../components/loss-dialog";
import { usePathPart } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { tell } from "../../components/toast";
import { plural } from "../../lib/format";
import { AdminFrame } from "./frame";
import { GrantsCard } from "./grants-card";
import { GroupDialog } from "./group-dialog";
import { GroupMembers } from "./group-members";

/** One group: who is in it, and what is granted to it. */
export default function GroupPageRoute() {
  const part = usePathPart(2);
  return <AdminFrame part="groups">{/^\d{1,15}$/.test(part) ? <Group id={Number(part)} /> : <NoGroup />}</AdminFrame>;
}

function NoGroup() {
  return (
    <Empty page title="There is no such group" icon="search">
      <p className="state-message">Groups are reached by their number.</p>
    </Empty>
  );
}

function Group({ id }: { id: number }) {
  const { data: group, error, refetch } = useGroupPage(id);
  useCrumbs([
    { label: "Administration", href: "/admin/users" },
    { label: "Groups", href: "/admin/groups" },
    { label: group?.name ?? `Group ${id}` },
  ]);
  if (error && !group) {
    return <Failure page title="The group could not be read" error={error} retry={() => void refetch()} />;
  }
  if (!group) return <SkeletonRows rows={12} height={36} />;
  return (
    <>
      <Head group={group} />
      <div className="admin-cards">
        <GroupMembers group={group} />
        <GrantsCard
          title="Granted to this group"
          holder={{ role_name: group.name }}
          grants={group.grants}
          none="Nothing is granted to this group."
        />
      </div>
    </>
  );
}

function Head({ group }: { group: RolePage }) {
  const [shown, setShown] = useState<"edit" | "delete">();
  const close = () => setShown(undefined);
  return (
    <div className="admin-head">
      <div className="admin-title">
        <h1>
          <bdi>{group.name}</bdi>
        </h1>
        {group.description && <p className="muted admin-description">{group.description}</p>}
      </div>
      <div className="admin-acts">
        <button type="button" className="button" onClick={() => setShown("edit")}>
          <Icon name="pencil" />
          Rename, describe
        </button>
        <button type="button" className="button" onClick={() => setShown("delete")}>
          <Icon name="trash" />
          Delete
        </button>
      </div>
      {shown === "edit" && <EditDialog group={group} onClose={close} />}
      {shown === "delete" && <DeleteDialog group={group} onClose={close} />}
    </div>
  );
}

function EditDialog({ group, onClose }: { group: RolePage; onClose: () => void }) {
  const update = useAdminWrite("updateRole");
  return (
    <GroupDialog
      title="Rename, describe"
      verb="Save"
      initial={group}
      pending={update.isPending}
      error={update.error}
      onSubmit={({ name, description }) =>
        // A name that stays is not sent: it is taken, by this group.
        update.mutate(
          { role_id: group.id, name: name === group.name ? null : name, description },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  );
}

function DeleteDialog({ group, onClose }: { group: RolePage; onClose: () => void }) {
  const remove = useAdminWrite("deleteRole");
  const [, navigate] = useLocation();
  const confirm = () =>
    remove.mutate(
      { role_id: group.id },
      {
        onSuccess: () => {
          tell(`Deleted the group ${group.name}.`);
          navigate("/admin/groups");
        },
      },
    );
  return (
    <LossDialog
      title={`Delete ${group.name}?`}
      verb="Delete the group"
      proof={group.name}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        {plural(group.members.length, "user")} will no longer have what is granted to it:{" "}
        {plural(group.grants.length, "grant")}. The users stay.
      </p>
    </LossDialog>
  );
}
