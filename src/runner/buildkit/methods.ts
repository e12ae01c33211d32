/** The table of method paths of the engine's services, with the messages they take and give (spec/buildkit.md 2, 4, 6.8). */
import { method, type Method } from "./calls.ts";
import { decodeBytesMessage, encodeBytesMessage } from "./bytes-message.ts";
import * as content from "./wire/content.ts";
import * as control from "./wire/control.ts";
import * as gateway from "./wire/gateway.ts";

const controlService = "/moby.buildkit.v1.Control";
const gatewayService = "/moby.buildkit.v1.frontend.LLBBridge";

const session: Method<Uint8Array, Uint8Array> = { path: `${controlService}/Session`, encode: encodeBytesMessage, decode: decodeBytesMessage };

export const controlMethods = {
  info: method(`${controlService}/Info`, control.InfoRequest, control.InfoResponse),
  listWorkers: method(`${controlService}/ListWorkers`, control.ListWorkersRequest, control.ListWorkersResponse),
  solve: method(`${controlService}/Solve`, control.SolveRequest, control.SolveResponse),
  status: method(`${controlService}/Status`, control.StatusRequest, control.StatusResponse),
  session,
  diskUsage: method(`${controlService}/DiskUsage`, control.DiskUsageRequest, control.DiskUsageResponse),
  prune: method(`${controlService}/Prune`, control.PruneRequest, control.UsageRecord),
  listenBuildHistory: method(`${controlService}/ListenBuildHistory`, control.BuildHistoryRequest, control.BuildHistoryEvent),
  updateBuildHistory: method(`${controlService}/UpdateBuildHistory`, control.UpdateBuildHistoryRequest, control.UpdateBuildHistoryResponse),
} as const;

export const gatewayMethods = {
  ping: method(`${gatewayService}/Ping`, gateway.PingRequest, gateway.PongResponse),
  solve: method(`${gatewayService}/Solve`, gateway.SolveRequest, gateway.SolveResponse),
  evaluate: method(`${gatewayService}/Evaluate`, gateway.EvaluateRequest, gateway.EvaluateResponse),
  readFile: method(`${gatewayService}/ReadFile`, gateway.ReadFileRequest, gateway.ReadFileResponse),
  readDir: method(`${gatewayService}/ReadDir`, gateway.ReadDirRequest, gateway.ReadDirResponse),
  statFile: method(`${gatewayService}/StatFile`, gateway.StatFileRequest, gateway.StatFileResponse),
  return: method(`${gatewayService}/Return`, gateway.ReturnRequest, gateway.ReturnResponse),
} as const;

export const contentMethods = {
  read: method("/containerd.services.content.v1.Content/Read", content.ReadContentRequest, content.ReadContentResponse),
} as const;
