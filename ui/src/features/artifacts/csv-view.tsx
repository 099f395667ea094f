import { useMemo, useState } from "react";
import { parseCsv } from "../../lib/csv";
import { looksLikeText, previewOf } from "../../lib/files";
import { formatBytes, plural } from "../../lib/format";
import BinaryView from "./binary-view";
import { type OpenFile, PartNote, Range } from "./file";
import { Grid } from "./grid";

const FIRST_BYTES = 500_000;
const MOST_BYTES = 16_000_000;
const MOST_ROWS = 100_000;

/** The first rows of a file of comma- or tab-separated values of any size. */
export default function CsvView({ file }: { file: OpenFile }) {
  const [limit, setLimit] = useState(FIRST_BYTES);
  return (
    <Range file={file} end={limit}>
      {(bytes) => {
        const whole = bytes.length >= file.facts.size;
        if (!looksLikeText(bytes)) return <BinaryView file={file} />;
        return (
          <>
            {!whole && (
              <PartNote file={file} shown={bytes.length}>
                {limit < MOST_BYTES && (
                  <button type="button" className="link-button" onClick={() => setLimit(limit * 4)}>
                    Read more
                  </button>
                )}
              </PartNote>
            )}
            <Rows file={file} text={new TextDecoder().decode(bytes)} whole={whole} />
          </>
        );
      }}
    </Range>
  );
}

function Rows({ file, text, whole }: { file: OpenFile; text: string; whole: boolean }) {
  const separator = previewOf(file.path) === "tsv" ? "\t" : ",";
  const { header, rows, cut } = useMemo(
    () => parseCsv(text, { separator, limit: MOST_ROWS, whole }),
    [text, separator, whole],
  );
  if (header.length === 0) {
    return <p className="preview-note">The first line is longer than the {formatBytes(text.length)} that were read.</p>;
  }
  const note = cut ? `First ${plural(rows.length, "row")},` : undefined;
  return <Grid table={{ names: header, rows }} note={note} />;
}
