/** The message about missing privileges, word for word the reference's (spec/bake.md 10.3). */
import type { EntitlementVerdict } from "./entitlements.ts";

export interface MessageContext {
  /** The command line as typed, program first. */
  readonly argv: readonly string[];
  /** Standard input is a terminal: a question follows. */
  readonly interactive: boolean;
  /** Takes the place of argv's first word (DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND). */
  readonly program?: string;
}

/** The text for standard error; ends with the question when there is someone to answer it. */
export function entitlementMessage({ missing, mustAsk, canDisable }: EntitlementVerdict, { argv, interactive, program }: MessageContext): string {
  const flags = missing.map(({ allow }) => `--allow=${allow}`).join(" ");
  const lines = ["Your build is requesting privileges for following possibly insecure capabilities:", "", ...missing.map(({ text }) => ` - ${text}`), ""];
  lines.push(`${interactive ? "In order to not see this message in the future pass" : "Pass"} "${flags}" to grant requested privileges.`);
  const bake = argv.indexOf("bake");
  if (bake >= 0) {
    const command = [program ?? argv[0] ?? "", ...argv.slice(1, bake + 1), flags, ...argv.slice(bake + 1)];
    lines.push("", "Your full command with requested privileges:", "", command.join(" "), "");
  }
  if (canDisable) lines.push("To disable filesystem entitlements checks, you can set BUILDX_BAKE_ENTITLEMENTS_FS=0 .", "");
  if (interactive && mustAsk) lines.push("Do you want to grant requested privileges and continue? [y/N] ");
  return interactive && mustAsk ? lines.join("\n") : `${lines.join("\n")}\n`;
}

/** True for the only answers that go on. */
export const isConsent = (answer: string): boolean => answer === "y" || answer === "Y";

/** The error when privileges are not granted; with machine-readable progress it says what to pass. */
export function entitlementError({ missing }: EntitlementVerdict, rawJson: boolean): string {
  const flags = missing.map(({ allow }) => `--allow=${allow}`).join(" ");
  return rawJson ? `additional privileges requested: pass "${flags}" to grant requested privileges` : "additional privileges requested";
}
