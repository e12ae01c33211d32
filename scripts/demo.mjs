/** `npm run demo`: see scripts/demo/main.ts, which this starts. */
import { runTypeScript } from "./run-typescript.mjs";

await runTypeScript("scripts/demo/main.ts");
