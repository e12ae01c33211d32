/** The one question that bake asks: whether to grant privileges (spec/bake.md 10.3). */
import { isConsent } from "../bake/entitlement-text.ts";
import { writeAll } from "./output.ts";

/** True only when the whole line is `y` or `Y`. Rejects with the signal's reason. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  writeAll(2, question);
  return isConsent((await readLine(signal)).replace(/\r$/, ""));
}

/** The next line of standard input, which is read no further; what there is when it ends without one. */
function readLine(signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let text = "";
    const stop = (): void => {
      stdin.off("data", take).off("end", end).off("error", end).pause();
      signal.removeEventListener("abort", abort);
      // A terminal that nobody reads from must not keep the process.
      (stdin as { unref?: () => void }).unref?.();
    };
    const end = (): void => {
      stop();
      resolve(text);
    };
    const take = (chunk: Buffer | string): void => {
      text += chunk.toString();
      if (!text.includes("\n")) return;
      text = text.slice(0, text.indexOf("\n"));
      end();
    };
    const abort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    signal.addEventListener("abort", abort, { once: true });
    stdin.on("data", take).on("end", end).on("error", end);
  });
}
