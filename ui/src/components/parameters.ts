import { useLocation, useSearch } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { formatSearch } from "../lib/url-state";

/** The query text of the address. */
export function useQueryText(): string {
  return useSearch();
}

/** Change parameters of the address; those given as empty texts are taken out. */
export function setParameters(changed: Record<string, string>, { push = false } = {}): void {
  const present = Object.fromEntries(new URLSearchParams(location.search));
  const target = location.pathname + formatSearch({ ...present, ...changed });
  if (target !== location.pathname + location.search) navigate(target, { replace: !push });
}

/** A part of the path, the first being 0, as it was before it was escaped: the router's own reading loses a %. */
export function usePathPart(place: number): string {
  useLocation();
  const part = location.pathname.split("/")[place + 1] ?? "";
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
