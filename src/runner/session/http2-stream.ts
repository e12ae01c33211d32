/** One stream of a connection that the peer has opened: its two halves and their windows. */

/** What a stream asks of its connection. */
export interface StreamPort {
  /** The stream has something to send. */
  ready(stream: ServerStream): void;
  headers(stream: ServerStream, headers: HeaderList, end: boolean): void;
  credit(stream: ServerStream, bytes: number): void;
  /** `code` undefined: it ended by itself. */
  over(stream: ServerStream, code: number | undefined): void;
}

export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface StreamListener {
  /** The memory is the listener's. */
  data(bytes: Buffer): void;
  /** The peer sends no more. */
  end(): void;
  /** The stream is gone, whoever ended it. */
  close(): void;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly taken: (() => void) | undefined;
  sent: number;
}

export class ServerStream {
  readonly id: number;
  /** Names and values of the request in turn. */
  readonly request: readonly string[];
  readonly #port: StreamPort;
  readonly #queue: Chunk[] = [];
  #next = 0;
  #trailers: HeaderList | undefined;
  #listener: StreamListener | undefined;
  /** The trailers are sent. */
  #ended = false;
  #closed = false;
  /** Bytes that may still be sent and received. */
  sendWindow: number;
  receiveWindow: number;
  /** Bytes that were consumed and not yet credited to the peer. */
  uncredited = 0;
  /** The peer has ended its half. */
  remoteEnded = false;

  constructor(id: number, request: readonly string[], options: { readonly port: StreamPort; readonly sendWindow: number; readonly receiveWindow: number }) {
    this.id = id;
    this.request = request;
    this.#port = options.port;
    this.sendWindow = options.sendWindow;
    this.receiveWindow = options.receiveWindow;
  }

  get closed(): boolean {
    return this.#closed;
  }

  listen(listener: StreamListener): void {
    this.#listener = listener;
  }

  respond(headers: HeaderList): void {
    if (!this.#closed) this.#port.headers(this, headers, false);
  }

  /** Queues bytes; `taken` tells that their memory may change, at once when there is room. */
  write(bytes: Uint8Array, taken?: () => void): void {
    if (this.#closed || bytes.length === 0) {
      taken?.();
      return;
    }
    this.#queue.push({ bytes, taken, sent: 0 });
    this.#port.ready(this);
  }

  /** Ends the stream with these trailers once all is sent. */
  end(trailers: HeaderList): void {
    if (this.#closed || this.#trailers) return;
    this.#trailers = trailers;
    this.#port.ready(this);
  }

  /** Lets the peer send as many bytes more. */
  credit(bytes: number): void {
    if (!this.#closed && bytes > 0) this.#port.credit(this, bytes);
  }

  /** Whether something could be sent, given room. */
  get sendable(): boolean {
    if (this.#closed || this.#ended) return false;
    return this.#next < this.#queue.length ? this.sendWindow > 0 : this.#trailers !== undefined;
  }

  /** For the connection: the next bytes to send, at most `limit`; undefined when only the end is left. */
  take(limit: number): Uint8Array | undefined {
    const chunk = this.#queue[this.#next];
    if (!chunk) return undefined;
    const bytes = chunk.bytes.subarray(chunk.sent, chunk.sent + Math.min(limit, this.sendWindow));
    chunk.sent += bytes.length;
    this.sendWindow -= bytes.length;
    return bytes;
  }

  /** For the connection: what `take` gave is copied. */
  copied(): void {
    const chunk = this.#queue[this.#next];
    if (!chunk || chunk.sent < chunk.bytes.length) return;
    this.#next++;
    if (this.#next === this.#queue.length) {
      this.#queue.length = 0;
      this.#next = 0;
    }
    chunk.taken?.();
  }

  /** For the connection: sends the trailers, if it is their turn. What the peer still sends is let run out. */
  finish(): void {
    if (!this.#trailers || !this.sendable || this.#next < this.#queue.length) return;
    this.#ended = true;
    this.#port.headers(this, this.#trailers, true);
    if (this.remoteEnded) this.close(undefined);
  }

  receive(bytes: Buffer): void {
    this.#listener?.data(bytes);
  }

  receiveEnd(): void {
    this.remoteEnded = true;
    this.#listener?.end();
    if (this.#ended) this.close(undefined);
  }

  /** Ends the stream at once; a code is for the peer. */
  close(code: number | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#port.over(this, code);
    for (const { taken } of this.#queue.splice(0).slice(this.#next)) taken?.();
    this.#listener?.close();
  }
}
