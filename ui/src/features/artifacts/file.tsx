import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { type Facts, fetchRange, type Owner } from "../../api/artifacts";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { formatBytes } from "../../lib/format";

/** A file that is looked at. */
export interface OpenFile {
  owner: Owner;
  path: string;
  url: string;
  facts: Facts;
}

/** How views are told apart in the address: `as=text`. */
export interface Mode {
  name: string;
  label: string;
}

/** Reads the facts of the file again, when it is not what it was. */
const Reopen = createContext<() => void>(() => undefined);
export const ReopenProvider = Reopen.Provider;

interface RangeProps {
  file: OpenFile;
  start?: number;
  /** The first byte not wanted; the file's end where that comes first. */
  end: number;
  children: (bytes: Uint8Array<ArrayBuffer>) => ReactNode;
}

/** A stretch of a file, read for what is shown of it. */
export function Range({ file, start = 0, end, children }: RangeProps) {
  const { url, facts } = file;
  const last = Math.min(end, facts.size);
  const { data, error, refetch } = useQuery({
    queryKey: ["bytes", url, facts.etag, start, last],
    gcTime: 30_000,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchRange(url, { start, end: last, etag: facts.etag, signal }),
  });
  const reopen = useContext(Reopen);
  const client = useQueryClient();
  if (error) {
    const again = () => {
      client.removeQueries({ queryKey: ["bytes", url] });
      reopen();
      void refetch();
    };
    return <Failure small title="The file could not be read" error={error} retry={again} />;
  }
  if (!data) return <Waiting />;
  return children(data);
}

/** What stands while something of a file is on its way. */
export function Waiting() {
  return <SkeletonRows rows={8} meanwhile="; the download works meanwhile" />;
}

/** Which part of a file is shown, and a way to see more of it. */
export function PartNote({ file, shown, children }: { file: OpenFile; shown: number; children?: ReactNode }) {
  const { size } = file.facts;
  if (shown >= size && !children) return null;
  return (
    <p className="preview-note" role="status">
      {shown < size && (
        <span>
          First {formatBytes(shown)} of {formatBytes(size)}.
        </span>
      )}
      {children}
    </p>
  );
}

/** What stands in place of a preview that would hold too much. */
export function TooLarge({ file, most, children }: { file: OpenFile; most: number; children?: ReactNode }) {
  return (
    <Empty small title="Too large to show whole" icon="file">
      <p className="muted">
        It has {formatBytes(file.facts.size)}; files of this kind are shown up to {formatBytes(most)}. Download it to
        open it elsewhere.
      </p>
      {children}
    </Empty>
  );
}
