import { useEffect, useRef, useState } from "react";
import { artifactUrl } from "../../api/artifacts";
import { Empty } from "../../components/states";
import { baseName, previewOf } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import type { OpenFile } from "./file";

/** What the browser shows by itself: pages and PDFs in frames of their own, sound, moving pictures. */
export default function MediaView({ file }: { file: OpenFile }) {
  const kind = previewOf(file.path);
  if (kind === "html") return <PageFrame file={file} />;
  if (kind === "pdf") return <PdfFrame file={file} />;
  return <Player file={file} kind={kind} />;
}

/**
 * A page with its scripts, so that plots draw themselves. Frame and server both give it an origin of its own: it reaches
 * neither this page, nor cookies, nor the API, nor any other address.
 */
function PageFrame({ file: { owner, path, facts } }: { file: OpenFile }) {
  return (
    <>
      <p className="preview-note">
        The page ({formatBytes(facts.size)}) runs on its own: it cannot reach Assay or any other address.
      </p>
      <iframe
        className="page-frame"
        title={`Page ${baseName(path)}`}
        src={artifactUrl(owner, path, { inline: true })}
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
        loading="lazy"
      />
    </>
  );
}

/** Browsers show no PDF in a sandbox; the server sends it as nothing but a PDF, with a policy that runs nothing. */
function PdfFrame({ file: { owner, path } }: { file: OpenFile }) {
  if (!navigator.pdfViewerEnabled) {
    return (
      <Empty small title="This browser shows no PDF files" icon="file">
        <p className="muted">Download it to read it.</p>
      </Empty>
    );
  }
  const url = artifactUrl(owner, path, { inline: true });
  return <iframe className="page-frame" title={`PDF ${baseName(path)}`} src={url} referrerPolicy="no-referrer" />;
}

const LOOK_EVERY = 500;

function Player({ file: { url, path }, kind }: { file: OpenFile; kind: string }) {
  const media = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const [broken, setBroken] = useState(false);
  // Looked at, not listened for: Chromium tells of what it cannot open in the element, and not always by an event.
  useEffect(() => {
    const timer = setInterval(() => media.current?.error && setBroken(true), LOOK_EVERY);
    return () => clearInterval(timer);
  }, []);
  if (broken) {
    return (
      <Empty small title="This recording cannot be played" icon="warning">
        <p className="muted">The browser does not read it. Download it to play it elsewhere.</p>
      </Empty>
    );
  }
  const shared = { ref: media, src: url, controls: true, preload: "metadata", "aria-label": baseName(path) };
  return <div className="player">{kind === "audio" ? <audio {...shared} /> : <video {...shared} />}</div>;
}
