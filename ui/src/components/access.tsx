import { createContext, type ReactNode, useContext } from "react";
import { includes } from "../lib/levels";

const Held = createContext<string | undefined>(undefined);

/** Says what the reader may do with what is shown in it: as the server told it, empty where there are no users. */
export function Access({ permission, children }: { permission: string | undefined; children: ReactNode }) {
  return <Held value={permission}>{children}</Held>;
}

/** Whether the reader may do here what needs a level; see `includes`. */
export function useMay(needed: "EDIT" | "MANAGE"): boolean {
  return includes(useContext(Held), needed);
}

/** Whether the reader may grant here what they may themselves: where there are users, who manages it. */
export function useMayGrant(): boolean {
  return useContext(Held) === "MANAGE";
}

/** What only those are shown who may do here what needs a level. */
export function May({ level, children }: { level: "EDIT" | "MANAGE"; children: ReactNode }) {
  return useMay(level) ? children : null;
}
