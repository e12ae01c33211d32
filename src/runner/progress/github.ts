/**
 * Progress on GitHub Actions: a folded group a target, printed when the target is done so that groups never mix,
 * failures below their group in the open, and annotations at the Dockerfile lines. A single target is shown as it goes.
 */
import type { BakeEvent, StatusEvent, TargetEvent } from "../../events.ts";
import { expandFailure } from "./expansion.ts";
import { PlainRenderer } from "./plain.ts";
import type { Display, Renderer } from "./renderer.ts";
import { isActive, isFinal, type TargetRow, TargetRows } from "./rows.ts";
import { plainText } from "./text.ts";
import { warningKey } from "./warnings.ts";
import { failureAnnotation, type SourceMap, warningAnnotation, workflowCommand } from "./workflow-command.ts";

/** A log that says nothing for so long looks dead. */
const HEARTBEAT_MS = 60_000;
const WORTH_TELLING_NS = 1_000_000_000n;
/** GitHub shows ten annotations of each kind a step. */
const SHOWN_WARNINGS = 10;
const NAMED_TARGETS = 5;

export interface GitHubOptions {
  readonly sources: SourceMap;
  /** A word nobody can guess: what builds print between two of it is no command to the runner. */
  readonly token: string;
}

interface Log {
  readonly plain: PlainRenderer;
  text: string;
}

export class GitHubRenderer implements Renderer {
  readonly showsFailures = true;
  readonly #display: Display;
  readonly #options: GitHubOptions;
  readonly #model: TargetRows;
  readonly #logs = new Map<string, Log>();
  readonly #warned = new Set<string>();
  #single = false;
  #printed = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(display: Display, options: GitHubOptions) {
    this.#display = display;
    this.#options = options;
    this.#model = new TargetRows(display.now);
  }

  handle(event: BakeEvent): void {
    this.#model.apply(event);
    switch (event.type) {
      case "start":
        this.#single = event.targets.length === 1;
        this.#display.write(`building with ${JSON.stringify(event.builder)} instance using ${event.driver} driver\n`);
        if (this.#single) this.#open(`target ${event.targets[0] ?? ""}`);
        else this.#heartbeat = setInterval(() => this.#tellRunning(), HEARTBEAT_MS);
        break;
      case "status":
        if (event.target === undefined) this.#tellClient(event);
        else this.#handleStatus(event, event.target);
        break;
      case "target":
        if (isFinal(event.state)) this.#targetDone(event);
        break;
      case "transfer":
      case "message":
      case "end":
        break;
      default:
        event satisfies never;
    }
  }

  async finish(): Promise<void> {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    for (const [target, log] of this.#logs) {
      await log.plain.finish();
      this.#print(target, log, `target ${target} was interrupted`);
    }
  }

  /** Of what the client does itself, only what took a while: booting an engine, reading a remote definition. */
  #tellClient({ vertexes = [] }: StatusEvent): void {
    for (const { name, started, completed, error } of vertexes) {
      if (started === undefined || completed === undefined || completed - started < WORTH_TELLING_NS) continue;
      const line = `${plainText(name)} ${(Number(completed - started) / 1e9).toFixed(1)}s${error ? `: ${plainText(error)}` : ""}\n`;
      // The group of a single target is open, and commands are stopped in it.
      if (this.#single) this.#display.write(line);
      else this.#untrusted(line);
    }
  }

  #handleStatus(event: StatusEvent, target: string): void {
    this.#logOf(target).plain.handle(event);
    for (const warning of event.warnings ?? []) {
      const key = warningKey(warning);
      if (this.#warned.has(key) || this.#warned.size >= SHOWN_WARNINGS) continue;
      this.#warned.add(key);
      this.#annotate(warningAnnotation(warning, target, this.#options.sources));
    }
  }

  /** Commands are not heard within a single target's open group, where they are stopped. */
  #annotate(line: string): void {
    const { token } = this.#options;
    const stopped = this.#single && this.#logs.size > 0;
    this.#display.write(stopped ? `::${token}::\n${line}::stop-commands::${token}\n` : line);
  }

  #logOf(target: string): Log {
    const known = this.#logs.get(target);
    if (known) return known;
    const log: Log = {
      text: "",
      plain: new PlainRenderer({
        ...this.#display,
        write: (text) => {
          if (this.#single) this.#display.write(text);
          else log.text += text;
        },
      }),
    };
    this.#logs.set(target, log);
    return log;
  }

  #targetDone(event: TargetEvent): void {
    const row = this.#model.row(event.target);
    const log = this.#logOf(event.target);
    void log.plain.finish();
    this.#print(event.target, log, title(row));
    if (event.state !== "failed") return;
    this.#untrusted(`${expandFailure(row).map(plainText).join("\n")}\n`);
    this.#annotate(failureAnnotation(event.target, event.error ?? "failed", event.places?.[0], this.#options.sources));
  }

  #print(target: string, log: Log, heading: string): void {
    this.#logs.delete(target);
    if (!this.#single) {
      this.#open(heading);
      this.#display.write(log.text);
    }
    this.#close();
    if (this.#single) this.#display.write(`${heading}\n`);
    this.#printed = this.#display.now();
  }

  #open(heading: string): void {
    this.#display.write(`${workflowCommand("group", {}, heading)}::stop-commands::${this.#options.token}\n`);
  }

  #close(): void {
    this.#display.write(`::${this.#options.token}::\n::endgroup::\n`);
  }

  #untrusted(text: string): void {
    const { token } = this.#options;
    this.#display.write(`::stop-commands::${token}\n${text}::${token}::\n`);
  }

  #tellRunning(): void {
    if (this.#display.now() - this.#printed < HEARTBEAT_MS) return;
    const running = [...this.#model.rows.values()].filter((row) => isActive(row.state));
    const named = running.slice(0, NAMED_TARGETS).map((row) => `${row.target}${row.step ? ` (${plainText(row.step.name)})` : ""}`);
    const more = running.length - named.length;
    if (named.length > 0) this.#untrusted(`still building: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}\n`);
  }
}

function title(row: TargetRow): string {
  const { done, cached } = row.steps;
  const seconds = row.startedAt === undefined || row.endedAt === undefined ? "" : ` in ${((row.endedAt - row.startedAt) / 1000).toFixed(1)}s`;
  return `target ${row.target} ${row.state}${seconds}${done > 0 ? ` (${cached} of ${done} steps cached)` : ""}`;
}
