/** Failures of this machine's disk in the words that people know, with the file: `write out/image.tar: no space left on device`. */

const texts: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "disk quota exceeded",
  EFBIG: "file too large",
  EIO: "input/output error",
  EISDIR: "is a directory",
  EMFILE: "too many open files",
  ENAMETOOLONG: "file name too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
};

/** The error with the path where none is told; what is no failure of a file stays as it is. */
export function diskError(error: unknown, path: string): unknown {
  const { code, syscall = "write", path: told = path } = error as NodeJS.ErrnoException;
  const text = typeof code === "string" ? texts[code] : undefined;
  return text === undefined ? error : new Error(`${syscall} ${told}: ${text}`, { cause: error });
}

/** Work on a file whose failures tell its path. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, path);
  }
}
