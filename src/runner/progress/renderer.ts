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
  handle(event: BakeEvent): void;
  /** Draws what is left and restores the terminal; after it nothing is written any more. */
  finish(): Promise<void>;
}
