/** Joining and cleaning paths of the model (spec/compose.md 3.3), purely by their text. */

/** Joins with `/` and cleans; empty only when both are. */
export function joinPath(directory: string, path: string): string {
  if (directory === "") return path === "" ? "" : cleanPath(path);
  return cleanPath(path === "" ? directory : `${directory}/${path}`);
}

/** Without empty parts, `.` and what `..` undoes; `.` for nothing. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else if (!rooted) out.push("..");
  }
  const text = out.join("/");
  return rooted ? `/${text}` : text === "" ? "." : text;
}

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
