/** Which colours and symbols a terminal gets: `NO_COLOR`, `TERM`, the locale and `BUILDKIT_COLORS` (spec/buildkit.md 8.4). */

/** What a colour is for. `run`, `cancel`, `error` and `warning` are the names that `BUILDKIT_COLORS` knows. */
export type Role = "run" | "cancel" | "error" | "warning" | "done" | "dim";

/** Colours and symbols that a terminal can show. */
export interface Style {
  readonly color: boolean;
  readonly unicode: boolean;
  /** Parameters of the colour sequence for each role. */
  readonly codes: Readonly<Record<Role, string>>;
}

const DEFAULTS: Readonly<Record<Role, string>> = { run: "36", cancel: "33", error: "31", warning: "33", done: "32", dim: "2" };

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** A colour word, `light-` in front for the bright one, or `r,g,b`; undefined when it is neither. */
function colorCode(text: string): string | undefined {
  if (text === "default") return "39";
  const light = text.startsWith("light-");
  const index = NAMES.indexOf((light ? text.slice(6) : text) as (typeof NAMES)[number]);
  if (index >= 0) return String((light ? 90 : 30) + index);
  const channels = /^(\d{1,3}),(\d{1,3}),(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!channels || channels.some((channel) => channel > 255)) return undefined;
  const [red, green, blue] = channels.map((channel) => Math.floor((channel * 6) / 256)) as [number, number, number];
  return `38;5;${16 + 36 * red + 6 * green + blue}`;
}

/** `run=green:error=255,0,0`; what is not understood keeps its colour. The colour of `run` is also that of finished targets. */
function parseColors(text: string): Partial<Record<Role, string>> {
  const codes: Partial<Record<Role, string>> = {};
  for (const part of text.split(":")) {
    const [role = "", color = ""] = part.split("=");
    const code = colorCode(color.trim().toLowerCase());
    if (code === undefined) continue;
    if (role === "run") codes.run = codes.done = code;
    else if (role === "cancel" || role === "error" || role === "warning") codes[role] = code;
  }
  return codes;
}

export function styleOf(env: Readonly<Record<string, string | undefined>>): Style {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return {
    color: !env["NO_COLOR"] && env["TERM"] !== "dumb",
    unicode: /utf-?8/i.test(locale) && env["TERM"] !== "linux" && env["TERM"] !== "dumb",
    codes: { ...DEFAULTS, ...parseColors(env["BUILDKIT_COLORS"] ?? "") },
  };
}

export function paint(style: Style, role: Role, text: string): string {
  return style.color && text !== "" ? `\u001b[${style.codes[role]}m${text}\u001b[0m` : text;
}

export const ellipsis = (style: Style): string => (style.unicode ? "…" : "...");
