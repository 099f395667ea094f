interface Hook {
  events: ReadonlyArray<{ entity: string; action: string }>;
}

/** The changes of a model that is there already that a webhook is told of: `model_version.created`. */
export function eventsOf({ events }: Hook): string[] {
  return events
    .filter(({ entity }) => entity !== "REGISTERED_MODEL")
    .map(({ entity, action }) => `${entity}.${action}`.toLowerCase());
}

/** The host of an address, and nothing else of it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}
