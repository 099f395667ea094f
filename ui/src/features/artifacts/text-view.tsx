import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { setParameters, useQueryText } from "../../components/parameters";
import { TextLines } from "../../components/text-lines";
import { askWorker } from "../../components/worker";
import { languageOf, looksLikeText } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import type { Token } from "../../lib/lines";
import BinaryView from "./binary-view";
import { type OpenFile, PartNote, Range } from "./file";

const FIRST_BYTES = 1_000_000;
const MOST_BYTES = 16_000_000;

/** A text with numbered lines; of a large file the beginning, more of it, or its end. */
export default function TextView({ file }: { file: OpenFile }) {
  const atEnd = new URLSearchParams(useQueryText()).get("part") === "end" && file.facts.size > FIRST_BYTES;
  return atEnd ? <TextEnd file={file} /> : <TextHead file={file} />;
}

function TextHead({ file }: { file: OpenFile }) {
  const { size } = file.facts;
  const [limit, setLimit] = useState(FIRST_BYTES);
  return (
    <Range file={file} end={limit}>
      {(bytes) =>
        looksLikeText(bytes) ? (
          <>
            {bytes.length < size && (
              <PartNote file={file} shown={bytes.length}>
                {limit < MOST_BYTES && (
                  <button type="button" className="link-button" onClick={() => setLimit(limit * 4)}>
                    Read more
                  </button>
                )}
                <button type="button" className="link-button" onClick={() => setParameters({ part: "end", line: "" })}>
                  Show the end
                </button>
              </PartNote>
            )}
            <ColouredText path={file.path} text={new TextDecoder().decode(bytes)} />
          </>
        ) : (
          <BinaryView file={file} />
        )
      }
    </Range>
  );
}

function TextEnd({ file }: { file: OpenFile }) {
  const { size } = file.facts;
  return (
    <Range file={file} start={size - FIRST_BYTES} end={size}>
      {(bytes) => (
        <>
          <p className="preview-note" role="status">
            Last {formatBytes(bytes.length)} of {formatBytes(size)}.
            <button type="button" className="link-button" onClick={() => setParameters({ part: "" })}>
              Show the beginning
            </button>
          </p>
          <TextLines text={withoutFirstLine(new TextDecoder().decode(bytes))} tokens={undefined} numbered={false} />
        </>
      )}
    </Range>
  );
}

/** The first line of a stretch out of the middle is the end of one. */
function withoutFirstLine(text: string): string {
  const end = text.indexOf("\n");
  return end >= 0 && end < text.length - 1 ? text.slice(end + 1) : text;
}

const MOST_COLOURED = 400_000;
const MOST_MILLISECONDS = 2500;

/** A text with the colours of its language, once these are found; a worker looks for them, and gives up in time. */
export function ColouredText({ path, text }: { path: string; text: string }) {
  const language = languageOf(path);
  const { data } = useQuery({
    queryKey: ["colours", language, text],
    enabled: language !== undefined && text.length <= MOST_COLOURED,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) =>
      askWorker<Token[][]>(
        new Worker(new URL("./colour-worker.ts", import.meta.url), { type: "module" }),
        { text, language },
        { milliseconds: MOST_MILLISECONDS, signal },
      ),
  });
  return <TextLines text={text} tokens={data} />;
}
