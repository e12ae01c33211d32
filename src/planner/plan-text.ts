/** The plan for people: what runs in which order and where, what is shared, and what is done only once. */
import type { Job, Plan, PlannedCache, PlannedExporter, PlanValue } from "./plan.ts";

/** Ends with a newline. Nothing in it is cut: a plan is read to find something. */
export function planText(plan: Plan): string {
  const sections = [order, twins, contexts, caches, outputs, client, warnings].map((section) => section(plan)).filter((lines) => lines.length > 0);
  return `${[heading(plan), ...sections].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading({ jobs, twins: merged, builder, driver, engine, nodes }: Plan): readonly string[] {
  const targets = new Set([...jobs.map(({ target }) => target), ...merged.map(({ target }) => target)]).size;
  const where =
    engine === "known" ? `on builder "${builder}" (${driver}, ${count(nodes.length, "node")})` : "for an engine that can do everything, as none was asked";
  return [`${count(targets, "target")} in ${count(jobs.length, "solve")} ${where}`];
}

function order({ jobs, order: ids, nodes }: Plan): readonly string[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const names = new Map(nodes.map(({ index, name }) => [index, name]));
  const rows = ids.map((id, index) => {
    const job = byId.get(id) as Job;
    const kind = job.call ? `asks for ${job.call.name}` : job.requested ? "" : "only for others";
    return [`${index + 1}.`, id, names.get(job.node) ?? "", job.platforms.join(", "), [kind, needs(job)].filter((text) => text !== "").join("; ")];
  });
  return ["Order", ...table(rows)];
}

function needs({ links, repeats }: Job): string {
  if (repeats !== undefined) return `after ${repeats}, the same solve: only its outputs have work`;
  return links.length === 0 ? "" : `needs ${links.map(({ context, job }) => (context === job ? job : `${job} as ${context}`)).join(", ")}`;
}

function twins({ twins: merged, jobs }: Plan): readonly string[] {
  const repeated = jobs.flatMap(({ id, repeats }) => (repeats === undefined ? [] : [`  ${id} is the same solve as ${repeats}; it only exports`]));
  const shared = merged.map(({ target, job, exporters }) => `  ${target} is built by ${job}${exporters.length > 0 ? ", with its outputs" : ""}`);
  return shared.length + repeated.length === 0 ? [] : ["Solved once", ...shared, ...repeated];
}

function contexts({ contexts: all, sharedSessions, nodes }: Plan): readonly string[] {
  if (all.length === 0) return [];
  const shared = new Set(sharedSessions.flatMap(({ node, mounts }) => mounts.map(({ path }) => `${node}\0${path}`)));
  const several = nodes.length > 1;
  const lines = all.map(({ node, path, mounts, jobs }) => {
    const place = several ? ` on ${nodes.find(({ index }) => index === node)?.name ?? node}` : "";
    const how = shared.has(`${node}\0${path}`) ? "sent once for" : "for";
    return `  ${path} (${mounts.join(", ")})${place}: ${how} ${jobs.join(", ")}`;
  });
  return ["Contexts", ...lines];
}

function caches({ jobs, sharedCache }: Plan): readonly string[] {
  const lines = jobs.flatMap(({ id, request: { cacheFrom, cacheTo } }) => [
    ...cacheFrom.map((cache) => `  ${id} from ${cacheText(cache)}`),
    ...cacheTo.map((cache) => `  ${id} to ${cacheText(cache)}`),
  ]);
  return lines.length === 0 ? [] : [sharedCache ? `Caches (all in ${sharedCache.place})` : "Caches", ...lines];
}

function outputs({ jobs }: Plan): readonly string[] {
  const lines = jobs.flatMap(({ id, request: { exporters } }) => exporters.map((exporter) => `  ${id}: ${exporterText(exporter)}`));
  return lines.length === 0 ? [] : ["Outputs", ...lines];
}

/** What is left for the client once the engine is done. */
function client({ merges, pushes }: Plan): readonly string[] {
  const lines = [
    ...merges.map(({ target, jobs, names }) => `  ${target}: one index of ${jobs.join(", ")} pushed as ${names.join(", ")}`),
    ...pushes.map(({ target, names }) => `  ${target}: ${names.join(", ")} pushed by the docker engine`),
  ];
  return lines.length === 0 ? [] : ["After the solves", ...lines];
}

function warnings({ warnings: texts }: Plan): readonly string[] {
  return texts.length === 0 ? [] : ["Warnings", ...texts.map((text) => `  ${text}`)];
}

const cacheText = ({ type, attributes }: PlannedCache): string => `${type}${attributeText(attributes, ["mode", "digest"])}`;

function exporterText({ type, attributes, sink }: PlannedExporter): string {
  const place =
    sink === undefined ? "" : sink.kind === "stdout" ? " to standard output" : sink.kind === "load" ? " into the docker engine" : ` to ${sink.path}`;
  const names = textOf(attributes["name"])
    .split(",")
    .filter((name) => name !== "");
  const pushed = textOf(attributes["push"]) === "true" ? " pushed" : "";
  return `${type}${names.length > 0 ? ` ${names.join(", ")}` : ""}${pushed}${place}`;
}

function attributeText(attributes: Readonly<Record<string, PlanValue>>, left: readonly string[]): string {
  return Object.entries(attributes)
    .filter(([name, value]) => !left.includes(name) && typeof value === "string")
    .map(([, value]) => ` ${textOf(value)}`)
    .join("");
}

const textOf = (value: PlanValue | undefined): string => (typeof value === "string" ? value : "");

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** Columns as wide as their widest cell; cells at the end that are empty leave no blanks. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  const used = widths.map((width) => width > 0);
  return rows.map((row) =>
    `  ${row
      .filter((_, column) => used[column])
      .map((cell, column) => cell.padEnd(widths.filter((_, index) => used[index])[column] ?? 0))
      .join("  ")}`.trimEnd(),
  );
}
