/** A program in a pseudo terminal, and the screen that a person would see. */
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";

export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

const GIVE_UP_MS = 30_000;

export class Screen {
  /** The exit status, and what stood on the terminal with everything that scrolled out of it. */
  readonly done: Promise<{ readonly exit: number; readonly text: string }>;
  readonly #pty: IPty;
  readonly #terminal: xterm.Terminal;
  readonly #watchers = new Set<() => void>();
  /** How much of `raw` is on the screen. */
  #seen = 0;
  /** Everything written, escape sequences included. */
  raw = "";

  constructor(command: readonly [string, ...string[]], { columns, rows, cwd, env }: ScreenOptions) {
    const [program, ...args] = command;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    const base = { PATH: process.env["PATH"] ?? "", HOME: cwd, TERM: "xterm-256color", LANG: "C.UTF-8", TSBAKE_NO_CODE_CACHE: "1" };
    this.#pty = spawn(program, args, { cols: columns, rows, cwd, env: { ...base, ...env } });
    onTestFinished(() => this.#kill());
    this.#pty.onData((data) => {
      this.raw += data;
      this.#terminal.write(data, () => {
        this.#seen += data.length;
        this.#changed();
      });
    });
    this.done = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => this.#terminal.write("", () => resolve({ exit: exitCode, text: this.all().join("\n").trimEnd() })));
    });
  }

  /** A frame that has come only in part is no screen yet. */
  #changed(): void {
    const seen = this.raw.slice(0, this.#seen);
    if (seen.lastIndexOf("\u001b[?2026h") > seen.lastIndexOf("\u001b[?2026l")) return;
    for (const check of [...this.#watchers]) check();
  }

  #kill(): void {
    try {
      this.#pty.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }

  #lines(from: number): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length - from }, (_, i) => active.getLine(from + i)?.translateToString(true) ?? "");
  }

  /** The lines on the screen, without trailing blanks. */
  now(): string[] {
    return this.#lines(this.#terminal.buffer.active.baseY).slice(0, this.#terminal.rows);
  }

  /** The screen and what scrolled out of it. */
  all(): string[] {
    return this.#lines(0);
  }

  get cursorHidden(): boolean {
    return this.raw.lastIndexOf("\u001b[?25l") > this.raw.lastIndexOf("\u001b[?25h");
  }

  /** Resolves with the screen as soon as it is as wanted. */
  shows(what: string, wanted: (lines: readonly string[]) => boolean): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        stop();
        reject(new Error(`${why} before the screen showed ${what}:\n${this.now().join("\n")}`));
      };
      const check = (): void => {
        const lines = this.now();
        if (!wanted(lines)) return;
        stop();
        resolve(lines);
      };
      const timer = setTimeout(() => fail("time was up"), GIVE_UP_MS);
      const stop = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(check);
      };
      this.#watchers.add(check);
      void this.done.then(() => this.#watchers.has(check) && fail("the program ended"));
      check();
    });
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  /** Straight to the program, as no key does. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.#pty.pid, signal);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }
}
