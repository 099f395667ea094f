import { later } from "./later";
import { SkeletonRows } from "./states";

// The parser and what cleans its HTML are loaded with the first text that needs them.
const Rendered = later(() => import("./markdown-rendered"), <SkeletonRows rows={3} />);

export interface MarkdownProps {
  text: string;
  /** The address of a file that the text names relative to itself; without it, such pictures are left out. */
  resolve?: (path: string) => string;
}

/** Markdown (GitHub's, with tables) as its author meant it; HTML in it is cleaned of everything that acts. */
export function Markdown(props: MarkdownProps) {
  return <Rendered {...props} />;
}
