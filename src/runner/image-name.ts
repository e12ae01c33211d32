/** Image references taken apart: registry, repository, tag. Names have been checked before. */

/** A reference with its registry, `library/` and tag written out: `a` is `docker.io/library/a:latest`. */
export function normaliseName(name: string): string {
  const { registry, repository, tag, digest } = parseName(name);
  return `${registry}/${repository}${tag === "" ? "" : `:${tag}`}${digest === "" ? "" : `@${digest}`}`;
}

export interface ImageName {
  /** `docker.io` for Docker Hub. */
  readonly registry: string;
  readonly repository: string;
  /** `latest` where neither tag nor digest was given. */
  readonly tag: string;
  readonly digest: string;
}

export function parseName(name: string): ImageName {
  const [plain = "", digest = ""] = name.split("@", 2);
  const slash = plain.indexOf("/");
  const first = slash < 0 ? "" : plain.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry = hasRegistry ? first.replace(/^index\.docker\.io$/, "docker.io") : "docker.io";
  const rest = hasRegistry ? plain.slice(slash + 1) : plain;
  const colon = rest.indexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const tag = colon < 0 ? (digest === "" ? "latest" : "") : rest.slice(colon + 1);
  return { registry, repository, tag, digest };
}

/** The tag of a full reference; empty for one with only a digest. */
export const tagOf = (name: string): string => parseName(name).tag;
