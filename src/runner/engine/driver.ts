/**
 * The interface between the runner and the ways to reach a BuildKit. A driver knows how to open a byte
 * stream to the engine and how to offer a session to it; channels, pools and calls are made elsewhere.
 */
import type { Duplex } from "node:stream";
import type { StatusEvent } from "../../events.ts";
import type { EngineApi } from "./engine-api.ts";

/** Names as users see them in messages and in the builder store. */
export type DriverName = "docker" | "remote" | "docker-container" | "kubernetes" | "private";

/** Opens one byte stream that speaks HTTP/2 with prior knowledge to BuildKit. Rejects with a BakeError. */
export type Dial = (signal?: AbortSignal) => Promise<Duplex>;

/** Headers of a session handshake (spec/buildkit.md 5.2); a key may have several values. */
export type SessionHeaders = readonly (readonly [name: string, value: string])[];

/** How a boot is watched and cancelled. */
export interface BootOptions {
  readonly signal?: AbortSignal;
  readonly emit?: (event: StatusEvent) => void;
}

export interface Driver {
  readonly name: DriverName;
  /** What was dialled, for messages: `unix:///run/buildkit/buildkitd.sock`. */
  readonly endpoint: string;
  /** The `:authority` of every call. */
  readonly authority: string;
  readonly dial: Dial;
  /**
   * Offers a session on a stream of its own, which costs no HTTP/2 stream of the engine connection.
   * Absent: the session is tunnelled through Control.Session.
   */
  readonly attachSession?: (headers: SessionHeaders, signal?: AbortSignal) => Promise<Duplex>;
  /** Whether the peer's SETTINGS should be read by a connection of its own before the pool opens (child processes: no). */
  readonly probeSettings: boolean;
  /** The docker engine behind the builder, where there is one. */
  readonly engine?: EngineApi;
  /** Brings the engine up (containers, pods); resolves at once when it runs. */
  readonly boot?: (options: BootOptions) => Promise<void>;
  /** Ends what the driver itself started, such as child processes. */
  readonly close?: () => Promise<void>;
}
