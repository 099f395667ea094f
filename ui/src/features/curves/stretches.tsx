import { Fragment, type ReactNode } from "react";
import { useNear } from "../../components/use-near";
import { stretchesOf } from "../../lib/board-layout";

interface Props<Item> {
  items: readonly Item[];
  /** How high some of the items are likely to be, in pixels. */
  roomOf: (items: readonly Item[]) => number;
  /** How far from the screen they are emptied. */
  leaves?: string;
  children: (items: readonly Item[], from: number) => ReactNode;
}

/** A list in stretches, if it is long: those far from the screen are empty, and as high as they were or will be. */
export function Stretches<Item>({ items, roomOf, leaves, children }: Props<Item>) {
  return stretchesOf(items).map(({ from, part, alone }) =>
    alone ? (
      <Fragment key={from}>{children(part, from)}</Fragment>
    ) : (
      <Stretch key={from} first={from === 0} leaves={leaves} room={() => roomOf(part)}>
        {() => children(part, from)}
      </Stretch>
    ),
  );
}

interface StretchProps {
  first: boolean;
  leaves: string | undefined;
  room: () => number;
  children: () => ReactNode;
}

function Stretch({ first, leaves, room, children }: StretchProps) {
  const [box, near, height] = useNear(first, leaves);
  return (
    <div ref={box} className="board-stretch" style={near ? undefined : { height: height ?? room() }}>
      {near && children()}
    </div>
  );
}
