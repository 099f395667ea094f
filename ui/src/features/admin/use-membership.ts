import { useAdminWrite } from "../../api/admin";
import { attempt, tell } from "../../components/toast";

interface Membership {
  username: string;
  group: { id: number; name: string };
}

/** Puts users into groups and takes them out, with a way back. */
export function useMembership() {
  const assign = useAdminWrite("assignRole");
  const unassign = useAdminWrite("unassignRole");
  const join = ({ username, group }: Membership) =>
    attempt(`${username} was not put into ${group.name}`, () => assign.mutateAsync({ username, role_id: group.id }));
  const leave = ({ username, group }: Membership) =>
    attempt(`${username} is still in ${group.name}`, async () => {
      await unassign.mutateAsync({ username, role_id: group.id });
      const undo = { label: "Undo", run: () => void join({ username, group }) };
      tell(`Took ${username} out of ${group.name}.`, { action: undo });
    });
  return { join, leave, isLeaving: unassign.isPending };
}
