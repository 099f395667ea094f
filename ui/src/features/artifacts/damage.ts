import { Damaged } from "../../lib/binaries";

/** What a reader gives, or why the file cannot be read; errors of another kind are thrown on. */
export function damageOr<Value extends object>(read: () => Value): Value | { problem: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof Damaged || error instanceof RangeError) return { problem: error.message };
    throw error;
  }
}
