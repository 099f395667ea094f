import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";
import { expect, test } from "vitest";
import { decimalText, momentText, readable, typeName, withoutMeanings } from "./parquet-values";

function node(element: Partial<SchemaElement>, children: SchemaTree[] = []): SchemaTree {
  return { element: { name: "x", repetition_type: "OPTIONAL", ...element }, children, path: [], count: 1 };
}

test("decimals keep their digits, below one and below zero too", () => {
  expect(decimalText(-5n, 2)).toBe("-0.05");
  expect(decimalText(1234567890123456789012n, 3)).toBe("1234567890123456789.012");
  expect(decimalText(7n, 0)).toBe("7");
  const column = node({ type: "FIXED_LEN_BYTE_ARRAY", logical_type: { type: "DECIMAL", precision: 9, scale: 2 } });
  expect(readable(column, new Uint8Array([255, 255, 255, 133]))).toBe("-1.23");
});

test("moments have the digits of a second that the file has, also before 1970", () => {
  expect(momentText(1_700_000_000_123_456_789n)).toBe("2023-11-14 22:13:20.123456789");
  expect(momentText(-1_000n)).toBe("1969-12-31 23:59:59.999999");
  expect(momentText(0n)).toBe("1970-01-01 00:00:00");
  expect(momentText(10n ** 30n)).toMatch(/^day \d+ /);
});

test("a zone is told only where the file has one; files of old writers mean the same", () => {
  const local = node({ type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" } });
  const old = node({ type: "INT64", converted_type: "TIMESTAMP_MILLIS" });
  expect(readable(local, 1n)).toBe("1970-01-01 00:00:00.000001");
  expect(readable(old, 1n)).toBe("1970-01-01 00:00:00.001Z");
  expect([typeName(local), typeName(old)]).toEqual(["timestamp, \u00b5s", "timestamp, ms, UTC"]);
});

test("bytes are a text where they are one, whatever they are called", () => {
  const column = node({ type: "BYTE_ARRAY" });
  expect(readable(column, new TextEncoder().encode("h\u00e9llo"))).toBe("h\u00e9llo");
  expect(readable(column, new Uint8Array([0, 255]))).toEqual(new Uint8Array([0, 255]));
  expect(readable(node({ type: "BYTE_ARRAY", converted_type: "BSON" }), new Uint8Array([65]))).toEqual(
    new Uint8Array([65]),
  );
});

test("values in lists, maps and groups are read as those outside", () => {
  const date = node({ name: "item", type: "INT32", converted_type: "DATE" });
  const list = node({ converted_type: "LIST" }, [node({ name: "list", repetition_type: "REPEATED" }, [date])]);
  const key = node({ name: "key", type: "INT32", converted_type: "DATE" });
  const map = node({ logical_type: { type: "MAP" } }, [
    node({ name: "key_value", repetition_type: "REPEATED" }, [key, { ...date, element: { ...date.element } }]),
  ]);
  const group = node({}, [{ ...list, element: { ...list.element, name: "days" } }]);
  expect(readable(list, [0, null])).toEqual(["1970-01-01", null]);
  expect(readable(map, { a: 1 })).toEqual({ a: "1970-01-02" });
  expect(readable(group, { days: [2] })).toEqual({ days: ["1970-01-03"] });
  expect([typeName(list), typeName(map), typeName(group)]).toEqual(["list of date", "map", "struct"]);
  const metadata = { schema: [map.element, key.element, date.element] } as FileMetaData;
  const plain = withoutMeanings(metadata, node({}, [map, { ...date }])).schema;
  expect(plain.map(({ converted_type: type }) => type)).toEqual(["MAP", "DATE", undefined]);
});
