/** A small tar archive in memory (ustar), for copying configuration files into a container. */

export interface TarFile {
  readonly name: string;
  readonly data: Uint8Array;
}

const block = 512;

/** Archives files and the directories above them; names are relative, up to 100 bytes. */
export function tarArchive(files: readonly TarFile[]): Buffer {
  const parts: Buffer[] = [];
  const made = new Set<string>();
  for (const { name, data } of files) {
    const segments = name.split("/").slice(0, -1);
    for (let depth = 1; depth <= segments.length; depth++) {
      const directory = `${segments.slice(0, depth).join("/")}/`;
      if (!made.has(directory)) parts.push(header(directory, 0, "5", 0o755));
      made.add(directory);
    }
    parts.push(header(name, data.length, "0", 0o600), Buffer.from(data), Buffer.alloc((block - (data.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(name: string, size: number, type: "0" | "5", mode: number): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, 100);
  const octal = (value: number, at: number, length: number): void => void bytes.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  bytes.fill(" ", 148, 156);
  bytes.write(type, 156);
  bytes.write("ustar\u000000", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}
