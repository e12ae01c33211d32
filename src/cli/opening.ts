/**
 * What is shown before there is a plan: engines that are booted or waited for, and definitions that are read through one. Kept
 * for the display of the run, which goes on where this one stops.
 */
import type { BakeEvent, StatusEvent } from "../events.ts";
import { nanosecondsOf } from "../events.ts";
import { connect, type Engine } from "../runner/connect.ts";
import { Redactor } from "../runner/redact.ts";
import type { Display, Renderer } from "../runner/progress/renderer.ts";
import { createRenderer, stderrDisplay } from "./display.ts";
import type { Request } from "./request.ts";

export class Opening implements AsyncDisposable {
  readonly #request: Request;
  readonly #redactor: Redactor;
  readonly #events: BakeEvent[] = [];
  #builder = { name: "", driver: "" };
  #renderer: Promise<Renderer | undefined> | undefined;
  #live: Renderer | undefined;

  constructor(request: Request) {
    this.#request = request;
    this.#redactor = new Redactor(credentials(request.host.env));
  }

  /** In order, without what the run says itself. */
  get events(): readonly BakeEvent[] {
    return this.#events;
  }

  /** The builder that events are of. */
  setBuilder(name: string, driver: string): void {
    this.#builder = { name, driver };
  }

  /** Something that is over already: shown with what comes next. */
  note(event: BakeEvent): void {
    this.#events.push(event);
    this.#live?.handle(event);
  }

  /** Something that takes a while: shown at once. */
  readonly show = (event: StatusEvent): void => {
    const told = this.#redactor.event(event);
    this.note(told);
    this.#renderer ??= this.#open();
  };

  async #open(): Promise<Renderer | undefined> {
    const display = stderrDisplay(this.#request.host);
    const renderer = await this.#create(display);
    if (!renderer) return undefined;
    const { name: builder, driver } = this.#builder;
    renderer.handle({ type: "start", builder, driver, targets: [], time: nanosecondsOf(display.now()) });
    for (const event of this.#events) renderer.handle(event);
    this.#live = renderer;
    return renderer;
  }

  async #create(display: Display): Promise<Renderer | undefined> {
    const { progress } = this.#request;
    switch (progress) {
      case "tty": {
        if (!display.size) return undefined;
        const { WaitingRenderer } = await import("../runner/progress/waiting.ts");
        return new WaitingRenderer(display);
      }
      case "plain":
      case "stamped":
      case "rawjson":
        return await createRenderer(progress, display, () => ({ sources: { workspace: "", dockerfileOf: () => undefined }, token: "" }));
      case "github":
      case "quiet":
        return undefined;
      default:
        return progress satisfies never;
    }
  }

  /** Leaves the terminal to others; what writes lines goes on. */
  async pause(): Promise<void> {
    if (this.#request.progress !== "tty") return;
    await (await this.#take())?.finish();
  }

  /** Hands the display over to the run, if there is one that can go on. */
  async handOver(): Promise<Renderer | undefined> {
    await this.pause();
    return await this.#take();
  }

  async #take(): Promise<Renderer | undefined> {
    const renderer = await this.#renderer;
    this.#renderer = undefined;
    this.#live = undefined;
    return renderer;
  }

  /** Nothing follows: whatever is left is shown. */
  async close(): Promise<void> {
    const renderer = await this.handOver();
    await renderer?.finish();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Connects to the builder; what it has to wait for is shown. */
export async function openEngine({ host, options }: Request, signal: AbortSignal, opening: Opening): Promise<Engine> {
  const engine = await connect({ host, signal, emit: opening.show, ...(options.builder ? { builder: options.builder } : {}) });
  opening.setBuilder(engine.facts.builder, engine.facts.driver);
  return engine;
}

/** What a private repository is read with. */
function credentials(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = /^BUILDX_BAKE_GIT_AUTH_(?:TOKEN|HEADER)$/i;
  return Object.entries(env).flatMap(([name, value]) => (value && names.test(name) ? [value] : []));
}
