/** Which failures may be gone at the next attempt: those of networks and registries, never those of a build's own steps. */

const deadlineExceeded = 4;
const unavailable = 14;

/** The part of an engine's error that is looked at. */
interface Failed {
  readonly code: number;
  readonly message: string;
  readonly exitCode?: number;
}

function failed(error: unknown): Failed | undefined {
  const { code, message } = (error ?? {}) as Partial<Failed>;
  return typeof code === "number" && typeof message === "string" ? (error as Failed) : undefined;
}

/** The connection to the engine is gone, or never came to be. */
export function isConnectionLost(error: unknown): boolean {
  return failed(error)?.code === unavailable;
}

/** A step of the build itself ended with a status other than zero. */
const failedStep = /did not complete successfully: exit code/;

const networkTrouble = [
  /connection reset by peer|connection refused|broken pipe|unexpected EOF|: EOF$/,
  /i\/o timeout|TLS handshake timeout|Client\.Timeout exceeded|timed out|context deadline exceeded/,
  /temporary failure in name resolution|server misbehaving|network is unreachable|no route to host/i,
  /http2: server sent GOAWAY|use of closed network connection/,
  /no active session for/,
];

/** Answers of registries and other servers: 429, and everything of the 500s. */
const serverTrouble = [/\b(?:429|5\d\d) [A-Z][A-Za-z]+/, /status(?: code)?:? (?:429|5\d\d)\b/, /toomanyrequests/i];

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  const failure = failed(error);
  if (!failure || failure.exitCode !== undefined || failedStep.test(failure.message)) return false;
  if (failure.code === unavailable || failure.code === deadlineExceeded) return true;
  return [...networkTrouble, ...serverTrouble].some((pattern) => pattern.test(failure.message));
}
