import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import { DirectoryWalk } from "../../../../src/runner/session/directory-walk.ts";
import { fileSync, type TransferProgress } from "../../../../src/runner/session/file-sync.ts";
import { memoryTree, mode, type FileTree } from "../../../../src/runner/session/tree.ts";
import { Packet } from "../../../../src/runner/buildkit/wire/fsutil.ts";
import { packets, receive, type Received } from "./fsutil-peer.ts";
import { collect, engineFor, statusOf, temporaryDirectory, type Engine } from "./rig.ts";

const metadata = { "dir-name": "context" };
const serve = (tree: FileTree, onTransfer?: (progress: TransferProgress) => void): Promise<Engine> =>
  engineFor(fileSync({ mounts: new Map([["context", tree]]), ...(onTransfer ? { onTransfer } : {}) }));
const receiveAll = async (root: string): Promise<Received> => receive(await serve(new DirectoryWalk(root)), { metadata });

describe("mounts", () => {
  test("one that is not served is not found", async () => {
    const engine = await serve(memoryTree({}));
    expect(await statusOf(receive(engine, { metadata: { "dir-name": "other" } }))).toEqual({
      code: status.notFound,
      details: 'no access allowed to dir "other"',
    });
    expect((await statusOf(receive(engine, { metadata: {} }))).code).toBe(status.notFound);
  });

  test("a text is a file with a fixed time", async () => {
    const { stats, files } = await receive(await serve(memoryTree({ b: "B", a: Buffer.from([0, 255]), é: "" })), { metadata });
    expect(stats.map(({ path, mode: bits, modTime }) => [path, bits, modTime])).toEqual([
      ["a", 0o644, 0n],
      ["b", 0o644, 0n],
      ["é", 0o644, 0n],
    ]);
    expect([...files]).toEqual([
      ["a", Buffer.from([0, 255])],
      ["b", Buffer.from("B")],
      ["é", Buffer.alloc(0)],
    ]);
  });

  test("a directory may be named by a link", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real"));
    writeFileSync(join(root, "real/f"), "x");
    symlinkSync("real", join(root, "link"));
    expect((await receiveAll(join(root, "link"))).stats.map(({ path }) => path)).toEqual(["f"]);
  });
});

describe("entries", () => {
  test("carry modes, times to the nanosecond, sizes and link targets; owners are nobody's", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "dir"));
    writeFileSync(join(root, "dir/file"), "hello");
    writeFileSync(join(root, "run"), "#!");
    symlinkSync("../no where", join(root, "dir/link"));
    chmodSync(join(root, "run"), 0o4755);
    chmodSync(join(root, "dir"), 0o1777);
    chmodSync(join(root, "dir/file"), 0o2640);
    execFileSync("touch", ["-h", "-d", "2021-02-03T04:05:06.123456789Z", join(root, "dir/file"), join(root, "dir/link"), join(root, "run")]);
    execFileSync("touch", ["-d", "1969-12-31T23:59:59Z", join(root, "dir")]);
    const common = { uid: 0, gid: 0, devmajor: 0n, devminor: 0n };
    const time = 1_612_325_106_123_456_789n;
    expect((await receiveAll(root)).stats).toEqual([
      { ...common, path: "dir", mode: mode.directory + mode.sticky + 0o777, size: 0n, modTime: -1_000_000_000n, linkname: "" },
      { ...common, path: "dir/file", mode: mode.setgid + 0o640, size: 5n, modTime: time, linkname: "" },
      { ...common, path: "dir/link", mode: mode.symlink + 0o777, size: 11n, modTime: time, linkname: "../no where" },
      { ...common, path: "run", mode: mode.setuid + 0o755, size: 2n, modTime: time, linkname: "" },
    ]);
  });

  test("come in the order of their names' bytes, a directory before its children", async () => {
    const root = temporaryDirectory();
    for (const directory of ["a", "a.b", "a-b"]) mkdirSync(join(root, directory));
    for (const file of ["a/z", "a.b/y", "a-b/x", "B", "\ue000", "\u{10000}", "é"]) writeFileSync(join(root, file), "");
    expect((await receiveAll(root)).stats.map(({ path }) => path)).toEqual(["B", "a", "a/z", "a-b", "a-b/x", "a.b", "a.b/y", "é", "\ue000", "\u{10000}"]);
  });

  test("names may hold anything but a slash", async () => {
    const root = temporaryDirectory();
    const names = [" ", "!x", "#y", "*", "...", "a\tb", "a\nb", "a\\b", "quote\"'", "%41", "a, b", "-rf", "\u{1f600}"];
    for (const name of names) writeFileSync(join(root, name), name);
    const { files } = await receiveAll(root);
    expect([...files.keys()].sort()).toEqual([...names].sort());
    expect([...files].every(([path, content]) => content.toString() === path)).toBe(true);
  });

  test.skipIf(process.platform !== "linux")("a name that is no UTF-8 fails the request that wants it, and no other", async () => {
    const root = temporaryDirectory();
    writeFileSync(Buffer.concat([Buffer.from(join(root, "bad-")), Buffer.of(0xff)]), "x");
    writeFileSync(join(root, "good-\ufffd"), "y");
    expect((await statusOf(receiveAll(root))).details).toBe('cannot send "bad-\ufffd": the name "bad-\ufffd" is not valid UTF-8');
    const { files } = await receive(await serve(new DirectoryWalk(root)), { metadata: { ...metadata, "exclude-patterns": ["bad-*"] } });
    expect([...files.keys()]).toEqual(["good-\ufffd"]);
  });

  test("hard links name the first path that is sent", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "b"), "shared");
    linkSync(join(root, "b"), join(root, "a"));
    linkSync(join(root, "b"), join(root, "c"));
    const shape = ({ stats }: Received): unknown => stats.map(({ path, linkname, size }) => [path, linkname, size]);
    expect(shape(await receiveAll(root))).toEqual([
      ["a", "", 6n],
      ["b", "a", 0n],
      ["c", "a", 0n],
    ]);
    const filtered = await receive(await serve(new DirectoryWalk(root)), { metadata: { ...metadata, "exclude-patterns": "a" } });
    expect(shape(filtered)).toEqual([
      ["b", "", 6n],
      ["c", "b", 0n],
    ]);
    expect(filtered.files.get("b")?.toString()).toBe("shared");
  });

  test("sockets travel as empty files, pipes as pipes; nobody waits for a pipe's other end", async () => {
    const root = temporaryDirectory();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    execFileSync("mkfifo", [join(root, "pipe")]);
    const { stats, files } = await receiveAll(root);
    expect(stats.map(({ path, mode: bits }) => [path, bits & ~mode.permissions])).toEqual([
      ["pipe", mode.namedPipe],
      ["socket", 0],
    ]);
    expect(files.get("socket")).toEqual(Buffer.alloc(0));
  });

  test("a tree of many directories is complete", async () => {
    const root = temporaryDirectory();
    for (let i = 0; i < 60; i++) {
      mkdirSync(join(root, `d${i}`, "e", "f"), { recursive: true });
      for (let j = 0; j < 20; j++) writeFileSync(join(root, `d${i}`, "e", "f", String(j)), `${i}/${j}`);
    }
    const { stats, files } = await receiveAll(root);
    expect(stats).toHaveLength(60 * 23);
    expect([...files].every(([path, content]) => content.toString() === path.replace(/^d(\d+)\/e\/f\/(\d+)$/, "$1/$2"))).toBe(true);
    expect(files.size).toBe(1200);
  });
});

describe("contents", () => {
  test.each([0, 1, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 98_304, 589_824, 589_825, 5_000_000])(
    "a file of %i bytes arrives whole, in pieces of at most 32 KiB",
    async (size) => {
      const root = temporaryDirectory();
      const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
      writeFileSync(join(root, "f"), bytes);
      const { files, pieces } = await receiveAll(root);
      expect(files.get("f")?.equals(bytes)).toBe(true);
      expect(Math.max(0, ...(pieces.get("f") ?? []))).toBeLessThanOrEqual(32_768);
    },
  );

  test("only what is asked for is sent", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "a"), "A");
    writeFileSync(join(root, "b"), "B");
    const { files } = await receive(await serve(new DirectoryWalk(root)), { metadata, wanted: ({ path }) => path === "b" });
    expect([...files]).toEqual([["b", Buffer.from("B")]]);
  });

  test("a later request is answered from the same walk", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "sub"));
    writeFileSync(join(root, "sub/f"), "x");
    const walk = new DirectoryWalk(root);
    const engine = await serve(walk);
    const first = await receive(engine, { metadata });
    expect(walk.directoriesRead).toBe(2);
    const second = await receive(engine, { metadata });
    expect(walk.directoriesRead).toBe(2);
    expect(second.stats).toEqual(first.stats);
  });

  test("files that change while they are sent: grown, cut, gone, turned into a link or a directory", async () => {
    const root = temporaryDirectory();
    const names = ["grown", "cut", "gone", "link", "directory", "same"];
    for (const name of names) writeFileSync(join(root, name), "0123456789");
    writeFileSync(join(root, "../outside.txt"), "not yours");
    onTestFinished(() => rmSync(join(root, "../outside.txt"), { force: true }));
    const { files } = await receive(await serve(new DirectoryWalk(root)), {
      metadata,
      beforeFiles: () => {
        appendFileSync(join(root, "grown"), "ABC");
        truncateSync(join(root, "cut"), 3);
        rmSync(join(root, "gone"));
        rmSync(join(root, "link"));
        symlinkSync("../outside.txt", join(root, "link"));
        rmSync(join(root, "directory"));
        mkdirSync(join(root, "directory"));
      },
    });
    expect(Object.fromEntries([...files].map(([name, content]) => [name, content.toString()]))).toEqual({
      cut: "012",
      directory: "",
      gone: "",
      grown: "0123456789ABC",
      link: "",
      same: "0123456789",
    });
  });

  test("a directory that is moved away while it is walked is left out", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "a"));
    writeFileSync(join(root, "a/f"), "");
    const walk = new DirectoryWalk(root);
    walk.list("");
    renameSync(join(root, "a"), `${root}-moved`);
    onTestFinished(() => rmSync(`${root}-moved`, { recursive: true, force: true }));
    expect((await receive(await serve(walk), { metadata })).stats.map(({ path }) => path)).toEqual(["a"]);
  });

  test("what is sent is counted", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "a"), Buffer.alloc(100_000));
    writeFileSync(join(root, "b"), "B");
    const heard: TransferProgress[] = [];
    await receive(await serve(new DirectoryWalk(root), (progress) => heard.push(progress)), { metadata });
    expect(heard.at(-1)).toEqual({ name: "context", bytes: 100_001, files: 2, done: true });
  });

  test("a tree that was touched differs in its times alone", async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "f"), "x");
    utimesSync(join(root, "f"), 1, 1);
    const before = (await receiveAll(root)).stats[0];
    utimesSync(join(root, "f"), 2, 2);
    expect((await receiveAll(root)).stats[0]).toEqual({ ...before, modTime: 2_000_000_000n });
  });
});

describe("a receiver that breaks the rules", () => {
  const packet = (fields: Partial<Packet>): Uint8Array => Packet.encode(Packet.create(fields)).finish();
  const play = async (...messages: readonly Uint8Array[]): Promise<{ code: number; details: string }> => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "f"), "x");
    mkdirSync(join(root, "d"));
    const stream = (await serve(new DirectoryWalk(root))).stream("/moby.filesync.v1.FileSync/DiffCopy", metadata);
    const over = statusOf(collect(stream));
    // Ids exist once their entries are sent.
    stream.on("data", (message: Buffer) => {
      const { type, stat } = Packet.decode(message);
      if (type === packets.stat && !stat) for (const each of messages) stream.write(each);
      if (type === packets.stat && !stat && messages.length === 0) stream.end();
    });
    return over;
  };

  test("an id that no file has, a directory's, or one that was asked for before", async () => {
    expect(await play(packet({ type: packets.request, id: 7 }))).toEqual({ code: status.unknown, details: "invalid file id 7" });
    expect((await play(packet({ type: packets.request, id: 0 }))).details).toBe("invalid file id 0");
    expect((await play(packet({ type: packets.request, id: 1 }), packet({ type: packets.request, id: 1 }))).details).toBe("invalid file id 1");
  });

  test("an error of the receiver is the error of the call", async () => {
    expect((await play(packet({ type: packets.error, data: Buffer.from("disk full") }))).details).toBe("error from receiver: disk full");
  });

  test("one that leaves early", async () => {
    expect((await play()).details).toBe("the receiver left before it had everything");
  });
});
