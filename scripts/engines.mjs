/** `npm run engines`: see scripts/engines/main.ts, which this starts. */
import { runTypeScript } from "./run-typescript.mjs";

await runTypeScript("scripts/engines/main.ts");
