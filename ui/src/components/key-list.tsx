const KEYS: Array<[string, string]> = [
  ["Ctrl K", "Search everything"],
  ["/", "Filter"],
  ["?", "This list"],
  ["t", "Light or dark"],
  ["g e", "Experiments"],
  ["g m", "Models"],
  ["g r", "Reports"],
  ["g t", "Trash"],
  ["g s", "Settings"],
  ["g a", "Users, for administrators"],
  ["[", "Back to the list"],
  ["j k ↑ ↓", "Next and previous row"],
  ["← →", "Close and open a folder or row, then cell by cell"],
  ["s", "Sort by the column of the cell"],
  ["Space", "Peek: facts of the run in a drawer"],
  ["e", "Edit name, note and tags"],
  ["h", "Hide the run from charts"],
  ["Alt → ←", "On a heading: move the column"],
  ["Shift → ←", "On a heading: wider, narrower"],
  ["x", "Select the run or experiment"],
  ["Shift ↑ ↓", "Select a range"],
  ["Ctrl A", "Select all that match"],
  ["Enter", "Open the run"],
  ["c", "Compare the selected runs, experiments or versions"],
  ["v", "Saved views"],
  ["a", "Set an alias for the version"],
  ["← → + −", "Step and zoom of images"],
  ["Esc", "Close a layer, drop the selection"],
];

/** All keys and what they do. */
export function KeyList() {
  return (
    <dl className="keys">
      {KEYS.map(([keys, meaning]) => (
        <div key={keys} className="keys-row">
          <dt>
            {keys.split(" ").map((key) => (
              <kbd key={key} className="kbd">
                {key}
              </kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
