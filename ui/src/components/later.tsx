import { type ComponentType, type ReactNode, useEffect, useState } from "react";

interface Later<Props> {
  (props: Props): ReactNode;
  /** Fetch the code ahead of time. */
  load: () => Promise<void>;
}

/** The code of a part did not come. Browsers remember that, so that only a fresh page asks for it again. */
export class CodeMissing extends Error {
  constructor(cause: unknown) {
    super("Its code did not come. The server may be away, or newer than this page.", { cause });
    this.name = "CodeMissing";
  }
}

/**
 * A part whose code is fetched when it is first shown; `waiting` stands in its place until then.
 *
 * In place of React's `lazy` and `Suspense`, which keep a placeholder up for 300 ms even where the code took 30. Throws
 * `CodeMissing` where the code does not come.
 */
export function later<Props extends object>(
  fetchPart: () => Promise<{ default: ComponentType<Props> }>,
  waiting: ReactNode = null,
): Later<Props> {
  let Part: ComponentType<Props> | undefined;
  let coming: Promise<void> | undefined;
  const load = () => {
    coming ??= fetchPart().then((module) => {
      Part = module.default;
    });
    return coming;
  };
  const isThere = () => {
    // On its way with the first sight of it, not only once the placeholder was painted.
    if (!Part) void load();
    return Part !== undefined;
  };
  function Shown(props: Props) {
    const [there, setThere] = useState(isThere);
    const [problem, setProblem] = useState<CodeMissing>();
    useEffect(() => {
      if (there) return undefined;
      let left = false;
      load().then(
        () => left || setThere(true),
        (error: unknown) => left || setProblem(new CodeMissing(error)),
      );
      return () => {
        left = true;
      };
    }, [there]);
    if (problem) throw problem;
    return Part ? <Part {...props} /> : waiting;
  }
  return Object.assign(Shown, { load });
}
