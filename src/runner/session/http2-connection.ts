/**
 * The server's side of an HTTP/2 connection whose only peer is an engine: frames, windows, streams
 * (RFC 9113). node's own server does the same, but makes a piece of memory of every frame when it works
 * through a tunnel, and joins repeated headers.
 */
import type { Duplex } from "node:stream";
import { encodeHeaders, HeaderDecoder, headerListLimit } from "./hpack.ts";
import { flag, frameHead, frameLimit, frameType, http2Code, Http2Error, preface, readFrameHead, setting, unpadded, type FrameHead } from "./http2-frame.ts";
import { FrameOutput } from "./http2-output.ts";
import { ServerStream, type HeaderList, type StreamPort } from "./http2-stream.ts";

const streamWindow = 1024 * 1024;
const connectionWindow = 8 * 1024 * 1024;
const defaultWindow = 65_535;
const windowLimit = 2 ** 31 - 1;
/** Frames that a stream sends before another one gets its turn. */
const turnFrames = 16;
const closeGraceMs = 500;

export class Http2Connection implements StreamPort {
  readonly #duplex: Duplex;
  readonly #onStream: (stream: ServerStream) => void;
  readonly #output: FrameOutput;
  readonly #decoder = new HeaderDecoder();
  readonly #streams = new Map<number, ServerStream>();
  readonly #ready = new Set<ServerStream>();
  /** Streams that wait for the connection's window. */
  readonly #blocked = new Set<ServerStream>();
  /** What has come of the preface or of a frame's head. */
  #start: Buffer = Buffer.alloc(0);
  #prefaceSeen = false;
  /** The frame that is coming, and how much of it is still to come. */
  #head: FrameHead | undefined;
  #left = 0;
  #parts: Buffer[] = [];
  #lastStream = 0;
  /** A header block whose end has not come yet. */
  #headers: { readonly stream: number; readonly flags: number; readonly parts: Buffer[]; length: number } | undefined;
  #initialSendWindow = defaultWindow;
  #sendWindow = defaultWindow;
  #receiveWindow = connectionWindow;
  #uncredited = 0;
  #pumping = false;
  #closed = false;

  constructor(duplex: Duplex, onStream: (stream: ServerStream) => void) {
    this.#duplex = duplex;
    this.#onStream = onStream;
    this.#output = new FrameOutput(duplex, () => this.#pump());
    this.#sendSettings();
    duplex.on("data", (chunk: Buffer) => this.#receive(chunk));
    duplex.on("end", () => this.destroy());
    duplex.on("error", () => this.destroy());
    duplex.on("close", () => this.destroy());
  }

  /** Ends the connection and every stream on it. */
  destroy(): void {
    if (this.#closed) return;
    this.#output.flush();
    this.#closed = true;
    this.#output.close();
    for (const stream of [...this.#streams.values()]) stream.close(undefined);
    // What is written so far still leaves, if the peer takes it.
    const timer = setTimeout(() => this.#duplex.destroy(), closeGraceMs);
    this.#duplex.once("close", () => clearTimeout(timer));
    this.#duplex.end(() => this.#duplex.destroy());
  }

  // Streams ask for this.

  ready(stream: ServerStream): void {
    this.#ready.add(stream);
    this.#pump();
  }

  headers(stream: ServerStream, headers: HeaderList, end: boolean): void {
    const block = encodeHeaders(headers);
    for (let at = 0, first = true; first || at < block.length; first = false, at += frameLimit) {
      const part = block.subarray(at, at + frameLimit);
      const last = at + frameLimit >= block.length ? flag.endHeaders : 0;
      this.#output.frame(
        { type: first ? frameType.headers : frameType.continuation, flags: last | (end && first ? flag.endStream : 0), stream: stream.id },
        part,
      );
    }
  }

  credit(stream: ServerStream, bytes: number): void {
    stream.uncredited += bytes;
    if (stream.remoteEnded || stream.uncredited < streamWindow / 2) return;
    stream.receiveWindow += stream.uncredited;
    this.#windowUpdate(stream.id, stream.uncredited);
    stream.uncredited = 0;
  }

  over(stream: ServerStream, code: number | undefined): void {
    this.#streams.delete(stream.id);
    this.#ready.delete(stream);
    this.#blocked.delete(stream);
    if (code !== undefined) this.#reset(stream.id, code);
  }

  // Sending.

  /** Sends what windows and the connection take, each stream in its turn. */
  #pump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    try {
      for (const stream of this.#ready) {
        if (this.#output.full) return;
        this.#ready.delete(stream);
        this.#send(stream);
        // Behind the others: a set keeps the order of adding.
        if (stream.sendable && !this.#blocked.has(stream)) this.#ready.add(stream);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #send(stream: ServerStream): void {
    for (let frames = 0; frames < turnFrames && stream.sendable && !this.#output.full; frames++) {
      const bytes = stream.take(Math.min(frameLimit, this.#sendWindow));
      if (!bytes) {
        stream.finish();
        return;
      }
      if (bytes.length === 0) {
        this.#blocked.add(stream);
        return;
      }
      this.#sendWindow -= bytes.length;
      this.#output.frame({ type: frameType.data, flags: 0, stream: stream.id }, bytes);
      stream.copied();
    }
  }

  #sendSettings(): void {
    const settings = [
      [setting.initialWindowSize, streamWindow],
      [setting.maxHeaderListSize, headerListLimit],
    ] as const;
    const payload = Buffer.alloc(settings.length * 6);
    settings.forEach(([name, value], i) => {
      payload.writeUInt16BE(name, i * 6);
      payload.writeUInt32BE(value, i * 6 + 2);
    });
    this.#output.frame({ type: frameType.settings, flags: 0, stream: 0 }, payload);
    this.#windowUpdate(0, connectionWindow - defaultWindow);
  }

  #windowUpdate(stream: number, bytes: number): void {
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32BE(bytes);
    this.#output.frame({ type: frameType.windowUpdate, flags: 0, stream }, payload);
  }

  #reset(stream: number, code: number): void {
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32BE(code);
    this.#output.frame({ type: frameType.reset, flags: 0, stream }, payload);
  }

  #fail(error: unknown): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(this.#lastStream);
    payload.writeUInt32BE(error instanceof Http2Error ? error.code : http2Code.internal, 4);
    this.#output.frame({ type: frameType.goAway, flags: 0, stream: 0 }, payload);
    this.destroy();
  }

  // Receiving.

  #receive(chunk: Buffer): void {
    try {
      for (let at = 0; at < chunk.length && !this.#closed; ) at += this.#head ? this.#payload(this.#head, chunk.subarray(at)) : this.#begin(chunk.subarray(at));
      this.#pump();
    } catch (error) {
      if (!this.#closed) this.#fail(error);
    }
  }

  /** Reads the preface, or the head of a frame; gives how many bytes it took. */
  #begin(bytes: Buffer): number {
    const wanted = this.#prefaceSeen ? frameHead : preface.length;
    const had = this.#start.length;
    const start = had === 0 && bytes.length >= wanted ? bytes : Buffer.concat([this.#start, bytes.subarray(0, wanted - had)]);
    if (start.length < wanted) {
      this.#start = start;
      return bytes.length;
    }
    this.#start = Buffer.alloc(0);
    if (this.#prefaceSeen) this.#startFrame(readFrameHead(start, 0));
    else if (start.subarray(0, wanted).equals(preface)) this.#prefaceSeen = true;
    else throw new Http2Error(http2Code.protocol, "the peer does not speak HTTP/2");
    return wanted - had;
  }

  #startFrame(head: FrameHead): void {
    const { length, type, stream } = head;
    if (length > frameLimit) throw new Http2Error(http2Code.frameSize, `frame of ${length} bytes`);
    if (this.#headers && (type !== frameType.continuation || stream !== this.#headers.stream))
      throw new Http2Error(http2Code.protocol, "a header block was interrupted");
    if (type === frameType.data) this.#startData(head);
    this.#head = head;
    this.#left = length;
    if (length === 0) this.#payload(head, Buffer.alloc(0));
  }

  /** Takes what has come of a frame. Data goes on as it comes; everything else is put together first. */
  #payload(head: FrameHead, bytes: Buffer): number {
    const piece = bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    const complete = this.#left === 0;
    if (complete) this.#head = undefined;
    if (head.type === frameType.data && (head.flags & flag.padded) === 0) this.#data(head, piece, complete);
    else if (!complete) this.#parts.push(piece);
    else {
      const whole = this.#parts.length === 0 ? piece : Buffer.concat([...this.#parts, piece]);
      this.#parts = [];
      if (head.type === frameType.data) this.#paddedData(head, whole);
      else this.#frame(head, whole);
    }
    return piece.length;
  }

  #frame(head: FrameHead, payload: Buffer): void {
    const { type, flags, stream } = head;
    switch (type) {
      case frameType.headers:
        this.#startHeaders(head, unpadded(payload, flags));
        break;
      case frameType.continuation:
        if (!this.#headers) throw new Http2Error(http2Code.protocol, "a header block goes on that has not begun");
        this.#addHeaders(payload, flags);
        break;
      case frameType.reset:
        if (stream === 0 || stream > this.#lastStream) throw new Http2Error(http2Code.protocol, "reset of a stream that is not open");
        this.#abort(stream);
        break;
      case frameType.settings:
        this.#settings(payload, flags);
        break;
      case frameType.ping:
        if (payload.length !== 8) throw new Http2Error(http2Code.frameSize, "ping of a wrong size");
        if ((flags & flag.ack) === 0) this.#output.frame({ type: frameType.ping, flags: flag.ack, stream: 0 }, payload);
        break;
      case frameType.windowUpdate:
        this.#widen(stream, payload);
        break;
      case frameType.push:
        throw new Http2Error(http2Code.protocol, "clients do not push");
      // Priorities, farewells and what is not known need no answer.
    }
  }

  /** Counts all of a frame against the windows before any of it is handed on. */
  #startData({ stream: id, length }: FrameHead): void {
    if (id === 0 || id > this.#lastStream) throw new Http2Error(http2Code.protocol, "data of a stream that is not open");
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) throw new Http2Error(http2Code.flowControl, "more data than the connection allows");
    this.#creditConnection(length);
    const stream = this.#streams.get(id);
    // Else it was on its way when the stream ended.
    if (!stream) return;
    if (stream.remoteEnded) throw new Http2Error(http2Code.streamClosed, "data behind the end of a stream");
    stream.receiveWindow -= length;
    if (stream.receiveWindow < 0) throw new Http2Error(http2Code.flowControl, "more data than the stream allows");
  }

  #data({ stream: id, flags }: FrameHead, bytes: Buffer, complete: boolean): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    if (bytes.length > 0) stream.receive(bytes);
    if (complete && (flags & flag.endStream) !== 0) stream.receiveEnd();
  }

  #paddedData(head: FrameHead, payload: Buffer): void {
    const bytes = unpadded(payload, head.flags & flag.padded);
    this.#streams.get(head.stream)?.credit(payload.length - bytes.length);
    this.#data(head, bytes, true);
  }

  /** Windows of streams bound what is held; that of the connection is only a formality. */
  #creditConnection(bytes: number): void {
    this.#uncredited += bytes;
    if (this.#uncredited < connectionWindow / 4) return;
    this.#receiveWindow += this.#uncredited;
    this.#windowUpdate(0, this.#uncredited);
    this.#uncredited = 0;
  }

  #startHeaders({ stream, flags }: FrameHead, part: Buffer): void {
    if (stream % 2 === 0) throw new Http2Error(http2Code.protocol, "headers of a stream that clients cannot open");
    this.#headers = { stream, flags, parts: [], length: 0 };
    this.#addHeaders(part, flags);
  }

  #addHeaders(part: Buffer, flags: number): void {
    const headers = this.#headers;
    if (!headers) return;
    headers.parts.push(part);
    headers.length += part.length;
    if (headers.length > headerListLimit) throw new Http2Error(http2Code.enhanceYourCalm, "headers are too large");
    if ((flags & flag.endHeaders) === 0) return;
    this.#headers = undefined;
    const request = this.#decoder.decode(headers.parts.length === 1 ? part : Buffer.concat(headers.parts, headers.length));
    this.#open(headers.stream, request, (headers.flags & flag.endStream) !== 0);
  }

  #open(id: number, request: readonly string[], ended: boolean): void {
    if (id <= this.#lastStream) {
      // Trailers of the peer end its half; those of a stream that is gone do nothing.
      const stream = this.#streams.get(id);
      if (stream && !ended) throw new Http2Error(http2Code.protocol, "second headers that do not end their stream");
      if (stream && !stream.remoteEnded) stream.receiveEnd();
      return;
    }
    this.#lastStream = id;
    const stream = new ServerStream(id, request, { port: this, sendWindow: this.#initialSendWindow, receiveWindow: streamWindow });
    this.#streams.set(id, stream);
    if (ended) stream.remoteEnded = true;
    this.#onStream(stream);
    if (ended) stream.receiveEnd();
  }

  #abort(id: number): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    // Nothing is to be told to a peer that has left.
    stream.remoteEnded = true;
    stream.close(undefined);
  }

  #settings(payload: Buffer, flags: number): void {
    if ((flags & flag.ack) !== 0) return;
    if (payload.length % 6 !== 0) throw new Http2Error(http2Code.frameSize, "settings of a wrong size");
    for (let at = 0; at < payload.length; at += 6) {
      if (payload.readUInt16BE(at) !== setting.initialWindowSize) continue;
      const size = payload.readUInt32BE(at + 2);
      if (size > windowLimit) throw new Http2Error(http2Code.flowControl, "window is too large");
      for (const stream of this.#streams.values()) {
        stream.sendWindow += size - this.#initialSendWindow;
        this.#ready.add(stream);
      }
      this.#initialSendWindow = size;
    }
    this.#output.frame({ type: frameType.settings, flags: flag.ack, stream: 0 }, Buffer.alloc(0));
  }

  #widen(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw new Http2Error(http2Code.frameSize, "window update of a wrong size");
    const bytes = payload.readUInt32BE() & windowLimit;
    if (bytes === 0) throw new Http2Error(http2Code.protocol, "window update of nothing");
    if (id === 0) {
      this.#sendWindow += bytes;
      if (this.#sendWindow > windowLimit) throw new Http2Error(http2Code.flowControl, "window is too large");
      for (const stream of this.#blocked) this.#ready.add(stream);
      this.#blocked.clear();
      return;
    }
    const stream = this.#streams.get(id);
    if (!stream) return;
    stream.sendWindow += bytes;
    if (stream.sendWindow > windowLimit) throw new Http2Error(http2Code.flowControl, "window is too large");
    this.#ready.add(stream);
  }
}
