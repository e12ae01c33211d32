/**
 * Makes docs/demo.svg: runs `npm run demo` in a pseudo terminal and draws the screens that a person sees, one after the other,
 * as an animated picture that stops at the last one. What stands before the bake's own command line is left out.
 *
 *   node scripts/record-demo.mjs [FILE]
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

const COLUMNS = 110;
const ROWS = 34;
const MARK = "$ cd examples/monorepo";
/** Screens kept, and how long the last one stands before the picture begins anew. */
const FRAMES = 24;
const LAST_SECONDS = 6;

const CELL = { width: 8.4, height: 18 };
const PADDING = 14;
const COLORS = { 1: "#ff6b5e", 2: "#6fcf7f", 3: "#e5c15d", 4: "#6aa6ff", 5: "#d58cf0", 6: "#5fd0d8", 7: "#e4e8ec" };
const TEXT = "#e4e8ec";
const DIM = "#8b96a3";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Where the project lies here is nobody's business. */
const HERE = `${root}examples/monorepo/`;
const file = process.argv[2] ?? `${root}docs/demo.svg`;

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The screen as rows of runs of equal colour. */
function screen(terminal) {
  const { active } = terminal.buffer;
  const rows = [];
  for (let y = 0; y < terminal.rows; y++) {
    const line = active.getLine(active.baseY + y);
    const runs = [];
    for (let x = 0; x < terminal.cols; x++) {
      const cell = line?.getCell(x);
      const text = cell?.getChars() || (cell?.getWidth() === 0 ? "" : " ");
      const color = cell?.isDim() ? DIM : cell?.isFgPalette() ? (COLORS[cell.getFgColor() % 8] ?? TEXT) : TEXT;
      const last = runs.at(-1);
      if (last && (last.color === color || text === " ")) last.text += text;
      else runs.push({ x, color, text });
    }
    rows.push(runs.map((run) => ({ ...run, text: run.text.replaceAll(HERE, "").trimEnd() })).filter((run) => run.text !== ""));
  }
  return rows;
}

/** From the command line on, when it is still on the screen. */
function fromMark(rows) {
  const at = rows.findIndex((runs) => runs.some((run) => run.text.includes(MARK)));
  return at < 0 ? rows : rows.slice(at);
}

function record() {
  return new Promise((resolve, reject) => {
    const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 1000, allowProposedApi: true });
    const env = { ...process.env, TERM: "xterm-256color", LANG: "C.UTF-8", CI: "", GITHUB_ACTIONS: "" };
    const child = spawn("npm", ["run", "--silent", "demo"], { name: "xterm-256color", cols: COLUMNS, rows: ROWS, cwd: root, env });
    const frames = [];
    let raw = "";
    let begun;
    child.onData((data) => {
      raw += data;
      terminal.write(data, () => {
        if (begun === undefined && raw.includes(MARK)) begun = performance.now();
        // Half a frame is no screen.
        if (begun === undefined || raw.lastIndexOf("\u001b[?2026h") > raw.lastIndexOf("\u001b[?2026l")) return;
        frames.push({ seconds: (performance.now() - begun) / 1000, rows: fromMark(screen(terminal)) });
      });
    });
    child.onExit(({ exitCode }) => {
      if (exitCode !== 0) reject(new Error(`the demo ended with status ${exitCode}`));
      else terminal.write("", () => resolve(frames));
    });
  });
}

/** The given number of frames, evenly over the time, the last one always among them. */
function thin(frames) {
  const last = frames.at(-1);
  const kept = [];
  let seen = "";
  for (let i = 0; i < FRAMES; i++) {
    const until = (last.seconds * i) / FRAMES;
    const frame = frames.findLast(({ seconds }) => seconds <= until) ?? frames[0];
    const text = JSON.stringify(frame.rows);
    if (text !== seen) kept.push({ ...frame, seconds: until });
    seen = text;
  }
  return [...kept, last];
}

function draw(frames) {
  const total = frames.at(-1).seconds + LAST_SECONDS;
  const width = Math.ceil(COLUMNS * CELL.width + 2 * PADDING);
  const height = ROWS * CELL.height + 2 * PADDING;
  const percent = (seconds) => `${((seconds / total) * 100).toFixed(2)}%`;
  const groups = frames.map(({ rows }, i) => {
    const lines = rows.flatMap((runs, y) =>
      runs.map(
        ({ x, color, text }) =>
          `<text x="${(PADDING + x * CELL.width).toFixed(1)}" y="${PADDING + y * CELL.height + 13}"${color === TEXT ? "" : ` fill="${color}"`}>${escape(text)}</text>`,
      ),
    );
    return `<g class="f f${i}" fill="${TEXT}">${lines.join("")}</g>`;
  });
  const styles = frames.map(({ seconds }, i) => {
    const next = frames[i + 1]?.seconds ?? total;
    if (i === frames.length - 1)
      return `@keyframes k${i}{0%,${percent(seconds - 0.001)}{opacity:0}${percent(seconds)},100%{opacity:1}}.f${i}{animation:k${i} ${total.toFixed(2)}s step-end infinite;opacity:1}`;
    return `@keyframes k${i}{0%{opacity:${i === 0 ? 1 : 0}}${percent(seconds)}{opacity:1}${percent(next)},100%{opacity:0}}.f${i}{animation:k${i} ${total.toFixed(2)}s step-end infinite}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="tsbake bakes the example monorepo">
<title>tsbake bakes the example monorepo</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}.f{opacity:0}${styles.join("")}</style>
<rect width="100%" height="100%" rx="8" fill="#15181c"/>
${groups.join("\n")}
</svg>
`;
}

const frames = thin(await record());
writeFileSync(file, draw(frames));
console.log(`${file}: ${frames.length} screens`);
