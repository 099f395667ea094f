import { type ReactNode, useRef } from "react";
import { pictureOf, pngOf, save, svgText } from "../../charts/export";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { attempt } from "../../components/toast";
import type { Cell } from "../../lib/cells";
import { writeCsv } from "../../lib/csv";

interface Props {
  title: string;
  /** What is beside the title. */
  controls?: ReactNode;
  /** The values that are drawn, for a spreadsheet. */
  table: () => { header: string[]; rows: Cell[][] };
  wide?: boolean;
  children: ReactNode;
}

/** A chart with its title, its controls, and its downloads. */
export function PlotCard({ title, controls, table, wide = false, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <figure className={wide ? "card plot-card wide" : "card plot-card"} aria-label={title}>
      <figcaption>
        <h2>{title}</h2>
        {controls}
        <span className="spring" />
        <Popover className="button quiet icon-only" label={`Download ${title}`} button={<Icon name="download" />}>
          {(close) => <Downloads title={title} box={box} table={table} close={close} />}
        </Popover>
      </figcaption>
      <div ref={box} className="plot-body">
        {children}
      </div>
    </figure>
  );
}

interface DownloadProps extends Pick<Props, "title" | "table"> {
  box: { current: HTMLDivElement | null };
  close: () => void;
}

function Downloads({ title, box, table, close }: DownloadProps) {
  const name = title.toLowerCase().replace(/\W+/g, "-");
  const picture = () => pictureOf(box.current?.querySelector<HTMLElement>("[data-picture]") ?? box.current!, title);
  const kinds: Array<[string, () => Blob | Promise<Blob>]> = [
    ["png", () => pngOf(picture())],
    ["svg", () => new Blob([svgText(picture())], { type: "image/svg+xml" })],
    ["csv", () => new Blob([writeCsv(table().header, table().rows)], { type: "text/csv" })],
  ];
  const download = async (ending: string, make: () => Blob | Promise<Blob>) => {
    close();
    await attempt(`${title} was not saved`, async () => save(`${name}.${ending}`, await make()));
  };
  return (
    <div className="menu-list">
      {kinds.map(([ending, make]) => (
        <button key={ending} type="button" className="button quiet" onClick={() => void download(ending, make)}>
          {ending.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
