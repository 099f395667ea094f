/** Line icons on a 16-pixel grid; `d` of each. */
const PATHS = {
  check: "M3.5 8.5 6.5 11.5 12.5 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.7 10.7 14 14",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  expand: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9.5 6.5M2.5 13.5l4-4",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  file: "M4 1.8h5l3 3v9.4H4zM9 1.8v3h3",
  folder: "M1.8 4h4.4l1.4 1.6h6.6v7.4H1.8z",
  download: "M8 2v8M4.8 7 8 10.2 11.2 7M3 13.5h10",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7",
  moon: "M13 9.6A5.5 5.5 0 0 1 6.4 3a5.5 5.5 0 1 0 6.6 6.6z",
  up: "M8 13V3.5M4.5 7 8 3.5 11.5 7",
  fall: "M8 3v9.5M4.5 9 8 12.5 11.5 9",
  star: "M8 1.8l1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.2l-3.7 2.1.8-4.2L2 6.2l4.2-.5z",
  plus: "M8 3v10M3 8h10",
  pencil: "M2.8 13.2l.6-2.8 7.4-7.4 2.2 2.2-7.4 7.4z",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6h.01",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3",
  keyboard: "M1.8 4h12.4v8H1.8zM4.5 6.8h.01M7 6.8h.01M9.5 6.8h.01M11.8 6.8h.01M5 9.5h6",
  cube: "M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8.2 13.5 5M8 8.2v6",
  flask: "M6.2 1.8h3.6M6.8 1.8v4.4L2.8 13a.8.8 0 0 0 .7 1.2h9a.8.8 0 0 0 .7-1.2l-4-6.8V1.8M4.8 10.2h6.4",
  history: "M2.6 8a5.4 5.4 0 1 0 1.7-3.9M2.4 2.4v3h3M8 5v3.2l2.2 1.4",
  at: "M10.4 8a2.4 2.4 0 1 1-4.8 0 2.4 2.4 0 0 1 4.8 0zm0-2.4v3.2a1.7 1.7 0 0 0 3.4 0V8a5.8 5.8 0 1 0-2.2 4.5",
  shield: "M8 1.8 13.2 4v4c0 3.2-2.2 5.2-5.2 6.2C5 13.2 2.8 11.2 2.8 8V4zM5.8 8l1.6 1.6 2.9-3.1",
  code: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
  play: "M5 3.2v9.6L13 8z",
  book: "M3 2.5h4a1.5 1.5 0 0 1 1.5 1.5v9.5A1.5 1.5 0 0 0 7 12H3zM13.5 2.5h-3.6A1.5 1.5 0 0 0 8.5 4v9.5A1.5 1.5 0 0 1 10 12h3.5z",
  bookmark: "M4 1.8h8v12.4l-4-3-4 3z",
  gear: "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.5v1.8M8 12.7v1.8M1.5 8h1.8M12.7 8h1.8M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M12.6 3.4l-1.3 1.3M4.7 11.3l-1.3 1.3",
  link: "M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.8-.8",
  freeze: "M8 1.5v13M2.4 4.8l11.2 6.4M13.6 4.8 2.4 11.2",
  trash: "M3 4.5h10M6.2 4.5v-2h3.6v2M4.2 4.5l.6 9h6.4l.6-9",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon; what it stands for is told by the text beside it or the label of its button. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
