/** Failures of this machine's disk in the words that people know, with the file: `write out/image.tar: no space left on device`. */
import { ERRNO_TEXT } from "../host.ts";

/** The error with the path where none is told; what is no failure of a file stays as it is. */
export function diskError(error: unknown, path: string): unknown {
  const { code, syscall = "write", path: told = path } = error as NodeJS.ErrnoException;
  const text = typeof code === "string" ? ERRNO_TEXT[code] : undefined;
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
