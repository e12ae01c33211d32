/** The page of `--report FILE.html` in a real browser without a network. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportPage } from "../../src/runner/report/page.ts";
import { Recorder } from "../../src/runner/report/recorder.ts";
import type { Report } from "../../src/runner/report/report.ts";
import { chromiumPath, launch, openFile } from "./chromium.ts";
import { at, madeUpBuild, type StreamOptions, type Timed } from "./stream.ts";

function reportOf(events: readonly Timed[]): Report {
  let seconds = 0;
  const recorder = new Recorder({ now: () => Number(at(seconds) / 1_000_000n), tool: "tsbake 0.0.0" });
  for (const [time, event] of events) {
    seconds = time;
    recorder.handle(event);
  }
  return recorder.report() as Report;
}

if (chromiumPath === undefined && process.env["TSBAKE_TEST_BROWSER"] === "required")
  test("cannot run: no Chromium on PATH", () => Promise.reject(new Error("no Chromium on PATH")));

describe.skipIf(chromiumPath === undefined)(chromiumPath === undefined ? "report page, skipped: no Chromium on PATH" : "report page", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tsbake-page-"));
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const open = (report: Report, scheme: "light" | "dark" = "light") => {
    const path = join(folder, "report.html");
    writeFileSync(path, reportPage(report));
    return openFile(browser, path, scheme);
  };
  const small: StreamOptions = { targets: 20, stepsEach: 4, failEvery: 10, parallel: 4 };

  test("shows a row a target with its bars, and asks nothing of anyone", async () => {
    const { page, complaints } = await open(reportOf(madeUpBuild(small)));
    expect(await page.locator("section.target").count()).toBe(21);
    expect(await page.locator("#facts").textContent()).toContain("18 of 20 succeeded");
    expect(await page.locator("#facts .bad").textContent()).toBe("2");
    expect(await page.locator("section.target .bar.failed").count()).toBe(2);
    expect(await page.locator("section.target .bar.transfer").count()).toBe(20);
    expect(await page.locator("section.target .bar.critical").count()).toBeGreaterThan(2);
    expect(await page.locator("#load-text").textContent()).toMatch(/at most 4 targets \(line\), \d steps \(area\)/);
    expect(await page.locator("#axis .tick").count()).toBeGreaterThan(3);
    const bar = await page
      .locator('section[data-name="target-0000"] .bar.span')
      .evaluate((node) => [(node as HTMLElement).style.left, (node as HTMLElement).style.width]);
    expect(bar[0]).toBe("0%");
    expect(Number.parseFloat(bar[1] as string)).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
  });

  test("filters by words, kind and order", async () => {
    const { page } = await open(reportOf(madeUpBuild(small)));
    const visible = (): Promise<string[]> => page.locator("section.target:visible").evaluateAll((nodes) => nodes.map((node) => node.dataset["name"] ?? ""));
    await page.fill("#filter", "TARGET-0003");
    expect(await visible()).toEqual(["target-0003"]);
    expect(await page.locator("#count").textContent()).toBe("1 of 20 targets");
    await page.fill("#filter", "step 2 target-001");
    expect(await visible()).toHaveLength(10);
    await page.fill("#filter", "");
    await page.selectOption("#kind", "failed");
    expect(await visible()).toEqual(["target-0009", "target-0019"]);
    await page.selectOption("#kind", "all");
    await page.selectOption("#order", "duration");
    const [first] = (await visible()).filter((name) => name !== "");
    expect(first).not.toBe("target-0000");
  });

  test("a click on a step, a target or a transfer shows what is known of it", async () => {
    const { page, complaints } = await open(reportOf(madeUpBuild(small)));
    const details = page.locator("#details");
    await page.locator('section[data-name="target-0009"] .name button[data-target]').click();
    expect(await details.textContent()).toContain("failed to solve target-0009: exit code: 7");
    expect(await details.textContent()).toContain("3 | >>> RUN b");
    await page.locator('section[data-name="target-0009"] .fold').click();
    const steps = page.locator('section[data-name="target-0009"] .row.step');
    expect(await steps.count()).toBe(4);
    await steps.last().locator("button").click();
    expect(await details.textContent()).toContain("target-0009 says hello from step 3");
    await details.locator(".link", { hasText: "step 2 of target-0009" }).click();
    expect(await details.locator("h2").first().textContent()).toBe("[3/4] RUN step 2 of target-0009");
    await page.locator(".bar.transfer").first().click({ force: true });
    expect(await details.textContent()).toContain("50.00kB");
    await details.locator(".close").click();
    expect(await details.isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  test("zooms around a place, and back to all", async () => {
    const { page } = await open(reportOf(madeUpBuild(small)));
    const width = async (): Promise<number> => (await page.locator("#axis").boundingBox())?.width ?? 0;
    const before = await width();
    const ticks = await page.locator("#axis .tick").count();
    await page.click("#zoom-in");
    expect((await width()) / before).toBeCloseTo(1.5, 1);
    await page.locator("#rows").hover();
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await expect.poll(async () => (await width()) / before).toBeCloseTo(2.25, 1);
    expect(await page.locator("#axis .tick").count()).toBeGreaterThan(ticks);
    await page.click("#zoom-fit");
    expect(await width()).toBe(before);
  });

  test("dims everything but the critical path", async () => {
    const { page } = await open(reportOf(madeUpBuild(small)));
    await page.check("#critical");
    const opacity = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate((node) => getComputedStyle(node).opacity);
    expect(await opacity(".bar.critical")).toBe("1");
    expect(Number(await opacity(".bar.done:not(.critical)"))).toBeLessThan(0.5);
  });

  test("is light or dark as the system is, or as the button says", async () => {
    const report = reportOf(madeUpBuild({ targets: 2, stepsEach: 2 }));
    const backgrounds: string[] = [];
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open(report, scheme);
      const background = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
      backgrounds.push(await background());
      await page.click("#theme");
      backgrounds.push(await background());
    }
    const [light, switched, dark, back] = backgrounds;
    expect([switched, back]).toEqual([dark, light]);
    expect(light).not.toBe(dark);
  });

  test("texts of a build are texts, whatever is in them", async () => {
    const evil = `</script><img src=x onerror=document.title='gone'><b>`;
    const { page, complaints } = await open(
      reportOf([
        [0, { type: "start", builder: evil, driver: evil, targets: [evil], time: at(0) }],
        [0, { type: "target", target: evil, state: "running", attempt: 1, time: at(0) }],
        [
          1,
          {
            type: "status",
            target: evil,
            vertexes: [{ digest: "1", name: evil, inputs: [], cached: false, started: at(0), completed: at(1), error: evil }],
            warnings: [{ vertex: "1", level: 1, short: Buffer.from(evil), detail: [], url: "", ranges: [] }],
          },
        ],
        [1, { type: "target", target: evil, state: "failed", attempt: 1, time: at(1), error: evil }],
      ]),
    );
    await page.locator(".name button[data-target]").click();
    expect(await page.locator("#details").textContent()).toContain(evil);
    expect(await page.locator("#warnings li").textContent()).toContain(evil);
    expect(await page.locator("img, b").count()).toBe(0);
    expect(await page.title()).toMatch(/^Bake of 1 target/);
    expect(complaints).toEqual([]);
  });

  test("a thousand targets open in under two seconds", async () => {
    const path = join(folder, "big.html");
    writeFileSync(path, reportPage(reportOf(madeUpBuild({ targets: 1000, stepsEach: 8, failEvery: 50, parallel: 60 }))));
    const { page, complaints } = await openFile(browser, path);
    expect(await page.locator("section.target").count()).toBe(1001);
    expect(complaints).toEqual([]);
    const ready = Number(await page.locator("html").getAttribute("data-ready"));
    expect(ready).toBeLessThan(2000);
  });
});
