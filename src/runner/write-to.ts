/** Outputs that go to a stream of the caller. */
import type { Writable } from "node:stream";

/** Writes a body to a stream that stays open for others. */
export async function writeTo(stream: Writable, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    if (stream.write(chunk)) continue;
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        stream.off("drain", settle).off("error", settle).off("close", settle);
        if (error) reject(error);
        else resolve();
      };
      stream.once("drain", settle).once("error", settle).once("close", settle);
    });
  }
}
