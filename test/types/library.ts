/**
 * What the types of the library promise; checked by the compiler alone (`npm run check`), nothing here runs. A promise that
 * no longer holds does not compile.
 */
import {
  type BakeEvent,
  type BakeRun,
  connect,
  type Definition,
  type Diagnostic,
  type Engine,
  formatDiagnostic,
  type Host,
  load,
  nodeHost,
  type Origin,
  explainTarget,
  plan,
  type Plan,
  print,
  resolve,
  type ResolvedTargets,
  run,
  type Target,
} from "../../src/index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(): Claim | undefined => undefined;

/** The stages as the docs write them; each narrows by `ok`. */
export async function stages(signal: AbortSignal): Promise<string | readonly string[]> {
  const host: Host = nodeHost({ env: {}, cwd: "/" });
  const loaded = await load({ files: ["docker-bake.hcl"], vars: { TAG: "1" } }, { host });
  if (!loaded.ok) return loaded.diagnostics.map(formatDiagnostic);
  holds<Equal<typeof loaded.value, Definition>>();
  const resolved = resolve(loaded.value, { targets: ["api"], set: ["*.args.A=1"], push: true }, { host });
  if (!resolved.ok) return resolved.diagnostics.map(formatDiagnostic);
  holds<Equal<typeof resolved.value, ResolvedTargets>>();
  const target: Target | undefined = resolved.value.targets.get("api")?.target;
  holds<Equal<NonNullable<typeof target>["tags"], readonly string[] | undefined>>();
  const origins = [...resolved.value.targets.values()].map(explainTarget);
  holds<Equal<(typeof origins)[number], ReadonlyMap<string, Origin>>>();
  await using engine = await connect({ builder: "unix:///run/buildkit/buildkitd.sock" }, { host, signal });
  holds<Equal<typeof engine, Engine>>();
  const planned = await plan(resolved.value, { host, engine });
  if (!planned.ok) return planned.diagnostics.map(formatDiagnostic);
  holds<Equal<typeof planned.value, Plan>>();
  const build: BakeRun = run(planned.value, engine, { host, signal });
  for await (const event of build) {
    holds<Equal<typeof event, BakeEvent>>();
    if (event.type === "target") holds<Equal<typeof event.target, string>>();
  }
  const { responses } = await build.result;
  return responses.get("api")?.["containerimage.digest"] ?? print(resolved.value);
}

/** The model is read-only through and through. */
export function readOnly(target: Target, diagnostic: Diagnostic): void {
  // @ts-expect-error a resolved target is never changed
  target.context = ".";
  // @ts-expect-error neither are its lists
  if (target.tags) target.tags[0] = "x";
  // @ts-expect-error nor a diagnostic
  diagnostic.summary = "";
}
