/** The failures of a run in which several targets failed, or others went on. */
import { BakeError } from "../diagnostics.ts";

/** `message` names the targets; the failure of each is kept. */
export class TargetsFailed extends BakeError {
  readonly failures: ReadonlyMap<string, BakeError>;
  /** How many targets the run had. */
  readonly targets: number;

  constructor(failures: ReadonlyMap<string, BakeError>, targets: number) {
    const [first] = failures.values();
    const names = [...failures.keys()].join(", ");
    const message = failures.size === 1 && first ? first.message : `${failures.size} of ${targets} targets failed: ${names}`;
    super("run.failed", message, { exitCode: first?.exitCode ?? 1, cause: first });
    this.failures = failures;
    this.targets = targets;
  }
}
