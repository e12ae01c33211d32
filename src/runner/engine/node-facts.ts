/** What a node told about itself, as facts for the planner (spec/buildkit.md 1.4, 1.5, 10.1). Pure. */
import type { Features, NodeFacts } from "../../planner/facts.ts";
import type { DriverName } from "./driver.ts";

export interface NodeReport {
  readonly name: string;
  readonly driver: DriverName;
  readonly configuredPlatforms: readonly string[];
  readonly defaultLoad: boolean;
  /** All workers' platforms, normalised, in the order told. */
  readonly platforms: readonly string[];
  /** Labels of the first worker. */
  readonly labels: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly version: string;
}

const snapshotterLabel = "org.mobyproject.buildkit.worker.snapshotter";

/** Facts of a node that was asked. */
export function loadedNode({ name, driver, configuredPlatforms, defaultLoad, platforms, labels, capabilities, version }: NodeReport): NodeFacts {
  return {
    name,
    configuredPlatforms,
    platforms: [...new Set(platforms)],
    loaded: true,
    features: featuresOf(driver, labels, defaultLoad),
    capabilities: [...new Set(capabilities)].sort(),
    labels,
    version,
  };
}

/** Facts of a node that has not been started: only its configuration is known. */
export function unloadedNode(name: string, driver: DriverName, configuredPlatforms: readonly string[], defaultLoad: boolean): NodeFacts {
  return { name, configuredPlatforms, platforms: [], loaded: false, features: featuresOf(driver, {}, defaultLoad), capabilities: [], labels: {} };
}

/** The docker driver can do everything with the containerd image store and little without; all others can do everything. */
function featuresOf(driver: DriverName, labels: Readonly<Record<string, string>>, defaultLoad: boolean): Features {
  const full = driver !== "docker" || labels[snapshotterLabel] !== undefined;
  return {
    ociExporter: full,
    dockerExporter: full,
    cacheExport: full,
    multiPlatform: full,
    directPush: full,
    preferImageDigest: driver === "docker" && full,
    defaultLoad: driver === "docker" || defaultLoad,
  };
}
