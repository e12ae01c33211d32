/** What all files of a project together must hold to (spec/compose.md 5.5). */
import { quote } from "../../go-text.ts";
import { refuse } from "./problem.ts";
import type { Build, Project, Service } from "./project.ts";

/** Stops at the first mistake, in the order of the files. */
export function checkConsistency({ services, secrets }: Project): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const service of services) {
    if (service.build) checkBuild(service, service.build, byName, secrets);
    else if (!service.image?.text)
      refuse(
        "compose.consistency",
        `service ${quote(service.name)} has neither an image nor a build context specified: invalid compose project`,
        service.range,
      );
  }
  for (const [name, { external, file, environment, range }] of secrets) {
    if (!external && !file?.text && !environment?.text)
      refuse("compose.consistency", `secret ${quote(name)} must declare either \`file\` or \`environment\`: invalid compose project`, range);
  }
}

function checkBuild({ name }: Service, build: Build, services: ReadonlyMap<string, Service>, secrets: Project["secrets"]): void {
  if (build.dockerfile?.text && build.inline?.text) {
    refuse(
      "compose.consistency",
      `service ${quote(name)} declares mutualy exclusive dockerfile and dockerfile_inline: invalid compose project`,
      build.inline.range,
      {
        related: [{ message: "dockerfile is set here", range: build.dockerfile.range }],
      },
    );
  }
  for (const [context, { text, range }] of build.contexts) {
    if (!text.startsWith("service:")) continue;
    const other = text.slice("service:".length);
    const service = services.get(other);
    if (!service) refuse("compose.consistency", `service ${quote(name)} declares unknown service ${quote(other)} as additional contexts ${context}`, range);
    if (!service.build)
      refuse("compose.consistency", `service ${quote(name)} declares non-buildable service ${quote(other)} as additional contexts ${context}`, range);
  }
  for (const { source, range } of build.secrets) {
    if (!secrets.has(source))
      refuse("compose.consistency", `service ${quote(name)} refers to undefined build secret ${source}: invalid compose project`, range);
  }
}
