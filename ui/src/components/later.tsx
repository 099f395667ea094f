import { type ComponentType, type ReactNode, useEffect, useState } from "react";

interface Later<Props> {
  (props: Props): ReactNode;
  /** Fetch the code ahead of time. */
  load: () => Promise<void>;
}

/**
 * A part whose code is fetched when it is first shown; `waiting` stands in its place until then.
 *
 * In place of React's `lazy` and `Suspense`, which keep a placeholder up for 300 ms even where the code took 30. A part
 * whose code does not come throws, and is fetched again when it is shown anew.
 */
export function later<Props extends object>(
  fetchPart: () => Promise<{ default: ComponentType<Props> }>,
  waiting: ReactNode = null,
): Later<Props> {
  let Part: ComponentType<Props> | undefined;
  let coming: Promise<void> | undefined;
  const load = () => {
    coming ??= fetchPart().then(
      (module) => {
        Part = module.default;
      },
      (error: unknown) => {
        coming = undefined;
        throw error;
      },
    );
    return coming;
  };
  const isThere = () => {
    // On its way with the first sight of it, not only once the placeholder was painted.
    if (!Part) void load();
    return Part !== undefined;
  };
  function Shown(props: Props) {
    const [there, setThere] = useState(isThere);
    const [problem, setProblem] = useState<{ error: unknown }>();
    useEffect(() => {
      if (there) return undefined;
      let left = false;
      load().then(
        () => left || setThere(true),
        (error: unknown) => left || setProblem({ error }),
      );
      return () => {
        left = true;
      };
    }, [there]);
    if (problem) throw problem.error;
    return Part ? <Part {...props} /> : waiting;
  }
  return Object.assign(Shown, { load });
}
