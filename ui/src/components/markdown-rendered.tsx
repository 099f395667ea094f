import { useQuery } from "@tanstack/react-query";
import { formatCount } from "../lib/format";
import type { MarkdownProps } from "./markdown";
import { parseMarkdown } from "./markdown-html";
import { SafeHtml } from "./safe-html";
import { SkeletonRows } from "./states";

const MOST_CHARACTERS = 500_000;

/** It is read in a worker: a text made to take for ever is shown as it is. */
export default function MarkdownRendered({ text, resolve }: MarkdownProps) {
  const { data, error } = useQuery({
    queryKey: ["markdown", text],
    gcTime: 60_000,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    enabled: text.length <= MOST_CHARACTERS,
    queryFn: ({ signal }) => parseMarkdown(text, signal),
  });
  if (error || text.length > MOST_CHARACTERS) {
    return (
      <>
        <p className="notice-text">This Markdown ({formatCount(text.length)} characters) is shown as it was written.</p>
        <pre className="prose-plain">{text}</pre>
      </>
    );
  }
  if (data === undefined) return <SkeletonRows rows={4} />;
  return <SafeHtml html={data} resolve={resolve} />;
}
