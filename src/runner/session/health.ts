/** The health service: without it the engine drops the session after ten seconds (spec/buildkit.md 5.3). */
import { once } from "node:events";
import { HealthCheckRequest, HealthCheckResponse } from "../buildkit/wire/health.ts";
import { serverStream, unary, type Service } from "./rpc.ts";

const serving = 1;

export function health(): Service {
  return {
    methods: {
      "/grpc.health.v1.Health/Check": unary(HealthCheckRequest, HealthCheckResponse, () => ({ status: serving })),
      "/grpc.health.v1.Health/Watch": serverStream(HealthCheckRequest, HealthCheckResponse, async function* (_request, { signal }) {
        yield { status: serving };
        if (!signal.aborted) await once(signal, "abort");
      }),
    },
  };
}
