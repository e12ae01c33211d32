/** What every renderer is: a subscriber of the one event stream (design D5). */
import type { BakeEvent } from "../../events.ts";

/** Where a renderer writes. Terminal facts are given, never asked of the process. */
export interface Display {
  write(text: string): void;
  /** Columns and rows of the terminal; undefined where the output is no terminal. */
  readonly size?: () => { readonly columns: number; readonly rows: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Renderer {
  /** True where failed targets are shown with their Dockerfile lines, so that nobody shows them again. */
  readonly showsFailures?: boolean;
  handle(event: BakeEvent): void;
  /** Draws what is left and restores the terminal; after it nothing is written any more. */
  finish(): Promise<void>;
}

/** One renderer that passes everything on: the display, log files, reports. All are finished, even when one fails. */
export function broadcast(renderers: readonly Renderer[]): Renderer {
  return {
    showsFailures: renderers.some((renderer) => renderer.showsFailures === true),
    handle: (event) => {
      for (const renderer of renderers) renderer.handle(event);
    },
    finish: async () => {
      const results: PromiseSettledResult<void>[] = [];
      // In order: the display comes first and gives the terminal back before others write.
      for (const renderer of renderers) results.push(...(await Promise.allSettled([renderer.finish()])));
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    },
  };
}
