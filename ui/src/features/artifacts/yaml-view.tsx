import { useQuery } from "@tanstack/react-query";
import { askWorker } from "../../components/worker";
import { isBranch } from "../../lib/outline";
import { type OpenFile, PartNote, Range, Waiting } from "./file";
import { OutlineView } from "./outline-view";
import TextView, { ColouredText } from "./text-view";

const MOST_BYTES = 1_000_000;
const MOST_MILLISECONDS = 2500;

/** A YAML document as a tree; what is no plain YAML, or is large, is shown as text. */
export default function YamlView({ file }: { file: OpenFile }) {
  if (file.facts.size > MOST_BYTES) return <TextView file={file} />;
  return (
    <Range file={file} end={MOST_BYTES}>
      {(bytes) => <Parsed file={file} text={new TextDecoder().decode(bytes)} />}
    </Range>
  );
}

function Parsed({ file, text }: { file: OpenFile; text: string }) {
  const { data, error } = useQuery({
    queryKey: ["yaml", text],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }) => ({
      value: await askWorker<unknown>(
        new Worker(new URL("./yaml-worker.ts", import.meta.url), { type: "module" }),
        text,
        { milliseconds: MOST_MILLISECONDS, signal },
      ),
    }),
  });
  if (error) {
    return (
      <>
        <PartNote file={file} shown={file.facts.size}>
          <span>A tree cannot be made of this YAML ({error.message}), so it is shown as text.</span>
        </PartNote>
        <ColouredText path={file.path} text={text} />
      </>
    );
  }
  if (!data) return <Waiting />;
  return isBranch(data.value) ? <OutlineView value={data.value} /> : <ColouredText path={file.path} text={text} />;
}
