/** Where paths of the model are and how they look from elsewhere (spec/compose.md 3.3), purely by their text. */
import { cleanPath } from "../../clean-path.ts";

export const isAbsolute = (path: string): boolean => path.startsWith("/");

/** The part before the last slash, cleaned; `.` when there is none. */
export function directoryOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "." : at === 0 ? "/" : cleanPath(path.slice(0, at));
}

/** `path` seen from `base`; both relative or both absolute, else `path` itself. */
export function relativeTo(base: string, path: string): string {
  const from = cleanPath(base === "" ? "." : base);
  const to = cleanPath(path);
  if (isAbsolute(from) !== isAbsolute(to)) return to;
  const fromParts = from === "." || from === "/" ? [] : from.split("/").filter((part) => part !== "");
  const toParts = to === "." || to === "/" ? [] : to.split("/").filter((part) => part !== "");
  let shared = 0;
  while (shared < fromParts.length && shared < toParts.length && fromParts[shared] === toParts[shared]) shared++;
  if (fromParts.slice(shared).includes("..")) return to;
  return [...fromParts.slice(shared).map(() => ".."), ...toParts.slice(shared)].join("/") || ".";
}
