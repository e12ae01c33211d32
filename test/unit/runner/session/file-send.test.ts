import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeBytesMessage } from "../../../../src/runner/buildkit/bytes-message.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import type { TransferProgress } from "../../../../src/runner/session/file-sync.ts";
import { fileSend, type ExportSink } from "../../../../src/runner/session/file-send.ts";
import { mode } from "../../../../src/runner/session/tree.ts";
import { send, type SentEntry } from "./fsutil-peer.ts";
import { collect, engineFor, statusOf, temporaryDirectory, type CallMetadata, type Engine } from "./rig.ts";

const serve = (...sinks: readonly ExportSink[]): Promise<Engine> => engineFor(fileSend({ exporters: new Map(sinks.map((sink, id) => [id, sink])) }));

const directory = (name: string, permissions = 0o755): SentEntry => ({ path: name, mode: mode.directory + permissions });
const link = (path: string, linkname: string): SentEntry => ({ path, mode: mode.symlink + 0o777, linkname });
const file = (path: string, content: string | Buffer = path, permissions = 0o644): SentEntry => ({ path, content, mode: permissions });

/** Paths below a directory with the texts of files and the targets of links. */
function tree(root: string, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, prefix)).sort()) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    const stats = lstatSync(join(root, path));
    if (stats.isDirectory()) Object.assign(found, { [path]: "/" }, tree(root, path));
    else found[path] = stats.isSymbolicLink() ? `-> ${readlinkSync(join(root, path))}` : readFileSync(join(root, path), "utf8");
  }
  return found;
}

async function outputTo(path: string, entries: readonly SentEntry[], how: "copy" | "delete" = "copy", metadata: CallMetadata = {}): Promise<readonly number[]> {
  return send(await serve({ kind: "directory", path, mode: how }), entries, { metadata });
}

const mirrored = { "buildkit-exporter-multi-platform": "1" };

describe("local outputs", () => {
  test("files, directories, links and hard links appear with modes and times", async () => {
    const root = join(temporaryDirectory(), "deep/er/out");
    await outputTo(root, [
      directory("bin", 0o755),
      file("bin/run", "#!/bin/sh", mode.setuid + 0o755),
      directory("etc", 0o700),
      { path: "etc/again", mode: mode.setuid + 0o755, linkname: "bin/run" },
      link("etc/link", "../bin/run"),
      file("z", ""),
    ]);
    expect(tree(root)).toEqual({ bin: "/", "bin/run": "#!/bin/sh", etc: "/", "etc/again": "#!/bin/sh", "etc/link": "-> ../bin/run", z: "" });
    expect(statSync(root).mode & 0o7777).toBe(0o700);
    expect(statSync(join(root, "bin/run")).mode & 0o7777).toBe(0o4755);
    expect(statSync(join(root, "etc")).mode & 0o7777).toBe(0o700);
    expect(statSync(join(root, "etc/again")).ino).toBe(statSync(join(root, "bin/run")).ino);
    for (const path of ["bin", "bin/run", "etc/link", "z"]) expect(Math.round(lstatSync(join(root, path)).mtimeMs)).toBe(1_600_000_000_123);
  });

  test("contents of any size arrive whole", async () => {
    const root = temporaryDirectory();
    const contents = [0, 1, 65_535, 65_536, 65_537, 1_000_000, 4_000_001].map((size) => Buffer.alloc(size, "0123456789abcdef!"));
    await outputTo(
      root,
      contents.map((content, i) => file(`f${i}`, content)),
    );
    expect(contents.map((content, i) => readFileSync(join(root, `f${i}`)).equals(content))).toEqual(contents.map(() => true));
  });

  test("many files", async () => {
    const root = temporaryDirectory();
    const names = Array.from({ length: 20 }, (_, i) => String(i + 10));
    await outputTo(
      root,
      names.flatMap((name) => [directory(name), ...names.map((inner) => file(`${name}/${inner}`))]),
    );
    expect(Object.keys(tree(root))).toHaveLength(20 * 21);
  });

  test("what was there stays, and what has the same name is replaced, whatever it was", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "was-directory/sub"), { recursive: true });
    mkdirSync(join(root, "kept-directory"));
    for (const [path, text] of Object.entries({
      other: "other",
      "was-file": "old",
      "was-file-too": "old",
      "kept-directory/kept": "kept",
      "was-directory/sub/f": "old",
    }))
      writeFileSync(join(root, path), text);
    symlinkSync("other", join(root, "was-link"));
    await outputTo(root, [
      directory("kept-directory"),
      file("kept-directory/new"),
      file("was-directory"),
      directory("was-file"),
      file("was-file/in"),
      link("was-file-too", "x"),
      file("was-link", "mine"),
    ]);
    expect(tree(root)).toEqual({
      "kept-directory": "/",
      "kept-directory/kept": "kept",
      "kept-directory/new": "kept-directory/new",
      other: "other",
      "was-directory": "was-directory",
      "was-file": "/",
      "was-file-too": "-> x",
      "was-file/in": "was-file/in",
      "was-link": "mine",
    });
  });

  test("each platform of several has its directory, also when they are sent at once", async () => {
    const root = temporaryDirectory();
    const engine = await serve({ kind: "directory", path: root, mode: "copy" });
    const platform = (name: string): readonly SentEntry[] => [
      { path: name, mode: mode.directory + 0o755, modTime: 0n },
      ...Array.from({ length: 9 }, (_, i) => file(`${name}/f${i}`, `${name} ${i}`)),
    ];
    await Promise.all(["linux_amd64", "linux_arm64", "linux_arm_v7"].map((name) => send(engine, platform(name))));
    const found = tree(root);
    expect(Object.keys(found)).toHaveLength(30);
    expect(found["linux_arm_v7/f8"]).toBe("linux_arm_v7 8");
    expect(statSync(join(root, "linux_amd64")).mtimeMs).toBe(0);
  });

  test("a directory that may not be written to is filled before it gets its mode", async () => {
    const root = temporaryDirectory();
    await outputTo(root, [directory("sealed", 0o555), file("sealed/f")]);
    expect(tree(root)).toEqual({ sealed: "/", "sealed/f": "sealed/f" });
    expect(statSync(join(root, "sealed")).mode & 0o777).toBe(0o555);
    chmodSync(join(root, "sealed"), 0o755);
  });

  test.skipIf(process.getuid?.() !== 0)("pipes and devices", async () => {
    const root = temporaryDirectory();
    await outputTo(root, [
      { path: "null", mode: mode.device + mode.characterDevice + 0o666, devmajor: 1, devminor: 3 },
      { path: "pipe", mode: mode.namedPipe + 0o600 },
    ]);
    expect(statSync(join(root, "null")).isCharacterDevice()).toBe(true);
    expect(statSync(join(root, "null")).rdev).toBe(0x103);
    expect(statSync(join(root, "pipe")).isFIFO()).toBe(true);
  });
});

describe("mirrors", () => {
  test("lose what the stream does not name", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "a/gone"), { recursive: true });
    mkdirSync(join(root, "b"));
    for (const path of ["a/kept", "a/gone/f", "b/f", "old"]) writeFileSync(join(root, path), "old");
    symlinkSync("/", join(root, "dangerous"));
    await outputTo(root, [directory("a"), file("a/kept", "new"), file("c")], "delete", mirrored);
    expect(tree(root)).toEqual({ a: "/", "a/kept": "new", c: "c" });
  });

  test("need an engine that sends all platforms at once, and touch nothing without", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "old"), "old");
    expect((await statusOf(outputTo(root, [file("new")], "delete"))).details).toBe(
      "local exporter mode=delete requires a BuildKit daemon with multi-platform local export support",
    );
    expect(tree(root)).toEqual({ old: "old" });
  });

  test("delete nothing when the stream breaks", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "old"), "old");
    const engine = await serve({ kind: "directory", path: root, mode: "delete" });
    expect((await statusOf(send(engine, [file("new", Buffer.alloc(200_000))], { metadata: mirrored, breakAfter: 3 }))).code).toBe(status.cancelled);
    await engine.session.close();
    expect(tree(root)).toEqual({ old: "old" });
  });
});

describe("an engine that is not to be trusted", () => {
  const hostile: readonly [string, readonly SentEntry[]][] = [
    ["a parent", [file("../evil")]],
    ["a parent inside", [directory("a"), file("a/../../evil")]],
    ["an absolute path", [file("/evil")]],
    ["a dot", [file("./evil")]],
    ["an empty part", [directory("a"), file("a//evil")]],
    ["a trailing slash", [directory("a/")]],
    ["a zero byte", [file("evil\0")]],
    ["a directory that was not sent", [file("a/evil")]],
    ["a link it has sent", [link("a", "../.."), file("a/evil")]],
    ["a file it has sent", [file("a"), file("a/evil")]],
    ["names out of order", [file("b"), file("a")]],
    ["one name twice", [file("a"), file("a")]],
    ["a link sent as a directory's second name", [link("a", ".."), directory("a"), file("a/evil")]],
    ["a hard link to nothing that was sent", [{ path: "a", linkname: "../../../etc/passwd" }]],
    ["a hard link to a symlink", [link("a", "/etc/passwd"), { path: "b", linkname: "a" }]],
  ];

  test.each(hostile)("cannot write by %s", async (_title, entries) => {
    const outer = temporaryDirectory();
    const root = join(outer, "in/out");
    expect((await statusOf(outputTo(root, entries))).code).toBe(status.invalidArgument);
    expect(Object.keys(tree(outer)).filter((path) => path.includes("evil") || path.includes(".tmp"))).toEqual([]);
    expect(readdirSync(outer)).toEqual(["in"]);
  });

  test("cannot write through a link that is in the destination already", async () => {
    const outer = temporaryDirectory();
    mkdirSync(join(outer, "outside"));
    mkdirSync(join(outer, "out"));
    symlinkSync("../outside", join(outer, "out/sub"));
    symlinkSync("../outside/target", join(outer, "out/file"));
    await outputTo(join(outer, "out"), [file("file", "mine"), directory("sub"), file("sub/f")]);
    expect(tree(join(outer, "outside"))).toEqual({});
    expect(tree(join(outer, "out"))).toEqual({ file: "mine", sub: "/", "sub/f": "sub/f" });
  });

  test("cannot send data for what was not asked for", async () => {
    const root = temporaryDirectory();
    const engine = await serve({ kind: "directory", path: root, mode: "copy" });
    const stream = engine.stream("/moby.filesync.v1.FileSend/DiffCopy");
    stream.write(Buffer.from([0x08, 0x02, 0x18, 0x05, 0x22, 0x01, 0x41]));
    expect((await statusOf(collect(stream))).details).toBe("data for file 5, which was not asked for");
  });

  test("tells of its own failure in the words it gives", async () => {
    const engine = await serve({ kind: "directory", path: temporaryDirectory(), mode: "copy" });
    expect((await statusOf(send(engine, [], { error: "no space" }))).details).toBe("error from sender: no space");
  });

  test("that leaves early, leaves no half of a file", async () => {
    const root = temporaryDirectory();
    const engine = await serve({ kind: "directory", path: root, mode: "copy" });
    writeFileSync(join(root, "b"), "old");
    await statusOf(send(engine, [file("b", Buffer.alloc(500_000)), file("c", Buffer.alloc(500_000))], { breakAfter: 10 }));
    await engine.session.close();
    await expect.poll(() => tree(root)).toEqual({ b: "old" });
  });
});

describe("archives", () => {
  const stream = async (engine: Engine, chunks: readonly (string | Buffer)[], metadata: CallMetadata = {}): Promise<readonly Buffer[]> => {
    const call = engine.stream("/moby.filesync.v1.FileSend/DiffCopy", metadata);
    for (const chunk of chunks) call.write(encodeBytesMessage(Buffer.from(chunk)));
    call.end();
    return collect(call);
  };

  test("become a file, with its directories, once they are complete", async () => {
    const root = temporaryDirectory();
    const path = join(root, "a/b/out.tar");
    const bytes = Buffer.alloc(3 * 1024 * 1024, "tar");
    expect(await stream(await serve({ kind: "file", path }), ["head", bytes, "tail"])).toEqual([]);
    expect(readFileSync(path).equals(Buffer.concat([Buffer.from("head"), bytes, Buffer.from("tail")]))).toBe(true);
    expect(readdirSync(join(root, "a/b"))).toEqual(["out.tar"]);
  });

  test("replace a file in one step, and keep a link to it", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "real"), "old", { mode: 0o640 });
    symlinkSync("real", join(root, "out.tar"));
    await stream(await serve({ kind: "file", path: join(root, "out.tar") }), ["new"]);
    expect(tree(root)).toEqual({ "out.tar": "-> real", real: "new" });
    expect(statSync(join(root, "real")).mode & 0o777).toBe(0o640);
  });

  test("leave the old file and nothing else when they break", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "out.tar"), "old");
    const engine = await serve({ kind: "file", path: join(root, "out.tar") });
    const call = engine.stream("/moby.filesync.v1.FileSend/DiffCopy");
    const over = statusOf(collect(call));
    call.write(encodeBytesMessage(Buffer.alloc(100_000)));
    call.cancel();
    await over;
    await engine.session.close();
    await expect.poll(() => tree(root)).toEqual({ "out.tar": "old" });
  });

  test("cannot replace a directory", async () => {
    const root = temporaryDirectory();
    expect((await statusOf(stream(await serve({ kind: "file", path: root }), ["x"]))).details).toBe(`destination file ${root} is a directory`);
  });

  test("go to a stream with what is known of the result; the call ends when it has taken them", async () => {
    let seen: unknown;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const engine = await serve({
      kind: "stream",
      name: "docker",
      receive: async (body, metadata) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of body) chunks.push(chunk);
        seen = { text: Buffer.concat(chunks).toString(), metadata };
        await gate;
      },
    });
    let over = false;
    const call = stream(engine, ["one", "", "two"], { "exporter-md-containerimage.digest": "sha256:1", "exporter-md-image.name": "a,b" }).then(() => {
      over = true;
    });
    await expect.poll(() => seen).toEqual({ text: "onetwo", metadata: { "containerimage.digest": "sha256:1", "image.name": "a,b" } });
    expect(over).toBe(false);
    release();
    await call;
  });

  test("that a stream refuses fail the call", async () => {
    const engine = await serve({ kind: "stream", name: "docker", receive: () => Promise.reject(new Error("no room")) });
    expect((await statusOf(stream(engine, ["x"]))).details).toBe("no room");
  });

  test("are counted", async () => {
    const heard: TransferProgress[] = [];
    const path = join(temporaryDirectory(), "out.tar");
    const engine = await engineFor(fileSend({ exporters: new Map([[0, { kind: "file", path }]]), onTransfer: (progress) => heard.push(progress) }));
    await stream(engine, ["12345", "678"]);
    expect(heard.at(-1)).toEqual({ name: path, bytes: 8, files: 1, done: true });
  });
});

describe("exporters", () => {
  test("are told apart by their index; the first when none is named", async () => {
    const root = temporaryDirectory();
    const engine = await serve({ kind: "directory", path: join(root, "0"), mode: "copy" }, { kind: "directory", path: join(root, "1"), mode: "copy" });
    await Promise.all([send(engine, [file("a")]), send(engine, [file("b")], { metadata: { "buildkit-attachable-exporter-id": "1" } })]);
    expect(tree(root)).toEqual({ "0": "/", "0/a": "a", "1": "/", "1/b": "b" });
    expect(await statusOf(send(engine, [], { metadata: { "buildkit-attachable-exporter-id": "2" } }))).toEqual({
      code: status.notFound,
      details: "exporter 2 not found",
    });
    expect(existsSync(join(root, "2"))).toBe(false);
  });
});
