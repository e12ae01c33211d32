/** The one question that bake asks: whether to grant privileges (spec/bake.md 10.3). */
import { readSync } from "node:fs";
import { isConsent } from "../bake/entitlement-text.ts";
import { writeAll } from "./output.ts";

/** True only when the whole line is `y` or `Y`. */
export function confirm(question: string): boolean {
  writeAll(2, question);
  return isConsent(readLine().replace(/\r$/, ""));
}

function readLine(): string {
  const byte = Buffer.alloc(1);
  const line: number[] = [];
  for (;;) {
    try {
      if (readSync(0, byte, 0, 1, null) === 0 || byte[0] === 0x0a) return Buffer.from(line).toString();
      line.push(byte[0] as number);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return "";
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
