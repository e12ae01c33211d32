#!/usr/bin/env node
// The program that users start. It loads the bundled core (and the chunks that the core asks for) from compiled code kept in
// the user's cache folder, or made beside the program by its build for the same Node, because compiling is most of a short run's
// time. Whatever goes wrong with these folders only costs time.
"use strict";
const { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, unlinkSync, writeFileSync, lstatSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

/** How often a fresh cache is written again, so that functions which the first runs did not need get in too. */
const WRITES = 4;
const DAY = 86_400_000;
const { argv, env } = process;

/** The folder of compiled code, or undefined where it must not be used. It holds code, so nobody else may write to it. */
function cacheFolder() {
  if (env.TSBAKE_NO_CODE_CACHE || process.execArgv.includes("--enable-source-maps") || env.NODE_OPTIONS?.includes("source-maps")) return undefined;
  const windows = process.platform === "win32";
  const base = windows ? env.LOCALAPPDATA : env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : env.HOME && join(env.HOME, ".cache");
  if (!base || (!windows && typeof process.getuid !== "function")) return undefined;
  return join(base, "tsbake", "code");
}

/** Compiled code fits one build of tsbake on one Node with one set of flags. */
function cacheKey() {
  let flags = process.execArgv.join(" ");
  if (env.NODE_OPTIONS) flags += ` ${env.NODE_OPTIONS}`;
  let hash = 0;
  for (let i = 0; i < flags.length; i++) hash = (hash * 31 + flags.charCodeAt(i)) | 0;
  return `${BUILD_ID}-${process.version}-${process.arch}-${(hash >>> 0).toString(36)}`;
}

const folder = cacheFolder();
const key = folder && cacheKey();
const scripts = [];

/**
 * The bytes of a cache file, with what its header says: the first byte counts how often it was written. What the build left is as
 * trustworthy as the program itself.
 */
function readCache(file, trusted) {
  let fd;
  try {
    fd = openSync(file, "r");
    const facts = fstatSync(fd);
    if (!trusted && process.getuid && (facts.uid !== process.getuid() || (facts.mode & 0o022) !== 0)) return undefined;
    const bytes = readFileSync(fd);
    if (bytes.length < 9) return undefined;
    const data = new Uint8Array(bytes.buffer, bytes.byteOffset + 8, bytes.length - 8);
    return { data, trusted, writes: trusted ? 0 : bytes[0], old: Date.now() - facts.mtimeMs > DAY };
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * How V8 works while a big definition is read and evaluated. Functions must run longer before they are optimized (in bytes of
 * bytecode): what is optimized after the usual time is mostly done before the better code is there, and compiling takes the
 * processor from the run. To make up for it each is compiled without optimization as soon as it is worth it, and not when there are
 * enough of them: the last ones would wait to the end. The young generation grows at once to what it will need: most of what a
 * definition becomes lives on, and is copied by each collection that comes before.
 */
const pace = {
  /** V8's own values, in all versions so far, and ours; whether they hold for this one is seen before a cache is written. */
  settings: [
    ["interrupt-budget", 67_584, 800_000],
    ["baseline-batch-compilation-threshold", 4096, 1],
    ["semi-space-growth-factor", 2, 16],
  ],
  v8: undefined,
  hurried: false,

  hurry() {
    if (this.v8 === undefined) {
      usualCode ??= { source: "0", cachedData: new Script("0").createCachedData() };
      this.v8 = require("node:v8");
    }
    this.set(true);
  },

  settle() {
    if (this.hurried) this.set(false);
  },

  set(hurried) {
    this.hurried = hurried;
    for (const [name, usual, patient] of this.settings) this.v8.setFlagsFromString(`--${name}=${hurried ? patient : usual}`);
  },

  /** Compiled code carries the settings under which it was made: only that of the usual ones is worth keeping. */
  isUsual() {
    if (this.v8 === undefined) return true;
    this.settle();
    // Under the name that it had before, V8 would find it in memory and not look at the settings.
    const { source, cachedData } = usualCode;
    return !new Script(source, { cachedData, filename: "settings" }).cachedDataRejected;
  },
};

/** Code that V8 compiled, or accepted, under its usual settings. */
let usualCode;

const loaded = new Map();

/** Loads a bundled file beside this one, once. */
function loadChunk(name) {
  const known = loaded.get(name);
  if (known) return known.exports;
  const filename = join(__dirname, name);
  const file = join(folder, `${key}-${name}`);
  const cache = readCache(file, false) ?? readCache(join(__dirname, "code", `${key}-${name}`), true);
  const { hurried } = pace;
  if (hurried) pace.settle();
  // ASCII, as the build writes it. Node reads such text in one step.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "utf8")}\n})`;
  const script = new Script(source, { filename, cachedData: cache?.data });
  const accepted = cache !== undefined && script.cachedDataRejected === false;
  if (accepted) usualCode ??= { source, cachedData: cache.data };
  if (!accepted || cache.writes < WRITES || cache.old) {
    if (scripts.length === 0) process.on("exit", writeCaches);
    scripts.push({ script, file, built: accepted && cache.trusted, writes: accepted ? Math.min(cache.writes + 1, WRITES) : 1 });
  }
  const module = { exports: {} };
  loaded.set(name, module);
  if (hurried) pace.hurry();
  script.runInThisContext().call(module.exports, module.exports, chunkRequire, module, filename, __dirname);
  return module.exports;
}

function chunkRequire(id) {
  return id.startsWith("./") ? loadChunk(id.slice(2)) : require(id);
}
chunkRequire.resolve = require.resolve;

/** Removes what other builds left and no run has used for two days: what is used is written again each day. */
function prune() {
  for (const name of readdirSync(folder)) {
    if (!/^[\da-f]{16}-v.*\.(?:cjs|tmp)$/.test(name) || name.startsWith(BUILD_ID)) continue;
    const file = join(folder, name);
    try {
      const facts = lstatSync(file);
      if (facts.isFile() && Date.now() - facts.mtimeMs > 2 * DAY) unlinkSync(file);
    } catch {
      // Another run was there first.
    }
  }
}

/** Keeps what this run compiled. Runs at exit: after the output, and when lazily compiled functions are there. */
function writeCaches() {
  try {
    if (argv.includes("--help") || argv.includes("-h") || !pace.isUsual()) return;
    const isFirstRun = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
    // Nothing is gained for a home that lives as short as one run: the second run writes what it needed beyond the build's.
    if (isFirstRun && scripts.every(({ built }) => built)) return;
    const facts = lstatSync(folder);
    if (process.getuid && (facts.uid !== process.getuid() || (facts.mode & 0o022) !== 0 || !facts.isDirectory())) return;
    if (scripts.some(({ writes }) => writes === 1)) prune();
    for (const { script, file, writes } of scripts) {
      const temporary = `${file}.${process.pid}.tmp`;
      const header = Buffer.alloc(8);
      header[0] = writes;
      try {
        writeFileSync(temporary, Buffer.concat([header, script.createCachedData()]), { mode: 0o600, flag: "wx" });
        renameSync(temporary, file);
      } catch {
        unlinkSync(temporary);
      }
    }
  } catch {
    // A cache that cannot be written is no failure.
  }
}

function loadCore() {
  if (folder === undefined) return require("./tsbake-core.cjs");
  try {
    return loadChunk("tsbake-core.cjs");
  } catch {
    return require("./tsbake-core.cjs");
  }
}

loadCore()
  .main(argv.slice(2), pace)
  .then((status) => {
    process.exitCode = status;
    // Nothing is left to wait for after most dry runs: to take down the heap piece by piece would only cost time.
    if (process.getActiveResourcesInfo().length === 0) process.exit();
  });
