/** Time stamps in front of lines, for logs of continuous integration that have none. */
import type { Display } from "./renderer.ts";

/** `2026-01-31T12:34:56Z #5 ...`; a line that is continued later keeps the stamp of its beginning. */
export function stamped(display: Display): Display {
  let open = false;
  return {
    ...display,
    write: (text) => {
      if (text === "") return;
      const stamp = `${new Date(display.now()).toISOString().slice(0, 19)}Z `;
      const whole = text.endsWith("\n");
      const body = whole ? text.slice(0, -1) : text;
      display.write((open ? "" : stamp) + body.replaceAll("\n", `\n${stamp}`) + (whole ? "\n" : ""));
      open = !whole;
    },
  };
}
