import { expect, test } from "vitest";
import { readNotebook, stripAnsi } from "./notebook";

const output = (data: Record<string, unknown>) => ({ output_type: "display_data", data });

test("cells with their outputs, each in its richest harmless form", () => {
  const notebook = readNotebook({
    metadata: { language_info: { name: "julia" } },
    cells: [
      { cell_type: "markdown", source: ["# Title\n", "text"] },
      {
        cell_type: "code",
        execution_count: 3,
        source: "x",
        outputs: [
          { output_type: "stream", text: "one\n" },
          { output_type: "stream", text: ["two\n"] },
          output({ "text/html": "<b>x</b>", "image/png": "iVBO\nRw==" }),
          output({ "text/html": ["<script>1</script>"], "text/plain": "frame" }),
          { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mE\u001b[0m: v"] },
          output({ "application/javascript": "alert(1)" }),
        ],
      },
    ],
  });
  expect(notebook?.language).toBe("julia");
  expect(notebook?.cells[0]).toEqual({ kind: "markdown", source: "# Title\ntext", count: undefined, outputs: [] });
  expect(notebook?.cells[1]?.outputs).toEqual([
    { kind: "text", text: "one\ntwo\n" },
    { kind: "image", source: "data:image/png;base64,iVBORw==" },
    { kind: "html", text: "<script>1</script>" },
    { kind: "error", text: "E: v" },
  ]);
});

test("what is no notebook is none", () => {
  for (const other of [null, 3, [], {}, { cells: 3 }, { worksheets: [3] }]) expect(readNotebook(other)).toBeUndefined();
  expect(readNotebook({ cells: [null, 3, { cell_type: "code" }] })?.cells).toHaveLength(1);
});

test("a progress bar is its last state", () => {
  expect(stripAnsi("10%\r50%\r100%\ndone\r\n")).toBe("100%\ndone\r\n");
});
