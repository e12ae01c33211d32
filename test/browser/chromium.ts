/** The Chromium of this machine for tests: `TSBAKE_CHROMIUM`, or what the usual names on PATH find. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export const chromiumPath: string | undefined = process.env["TSBAKE_CHROMIUM"] || findOnPath();

function findOnPath(): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not there.
      }
    }
  }
  return undefined;
}

export interface Opened {
  readonly page: Page;
  /** Everything a page must not do: requests, console errors, uncaught errors, broken policies. */
  readonly complaints: readonly string[];
}

/** Opens a local file in a page of its own, with the network off. */
export async function openFile(browser: Browser, path: string, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const complaints: string[] = [];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme, offline: true });
  const page = await context.newPage();
  const url = `file://${path}`;
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) complaints.push(`request: ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  await page.goto(url);
  await page.waitForSelector("html[data-ready]");
  return { page, complaints };
}

export const launch = (): Promise<Browser> =>
  chromium.launch({ ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }), args: ["--no-sandbox"] });
