/** The report as one page that needs nothing else: the template with the data in it. */
import type { Report } from "./report.ts";
import { TEMPLATE } from "./template.ts";

/** Where the data goes in the template. */
const MARK = '"REPORT"';

export function reportPage(report: Report): string {
  // In a script element only `</script` and `<!--` have a meaning; without any `<` there is neither.
  const data = JSON.stringify(report).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  const at = TEMPLATE.indexOf(MARK);
  return TEMPLATE.slice(0, at) + data + TEMPLATE.slice(at + MARK.length);
}
