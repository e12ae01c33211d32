/**
 * Typed rules only, four of them: what a compiler and biome cannot see. Everything else that lint finds is biome's (biome.json),
 * which takes a second where this takes many.
 */
import { plugin, parser } from "typescript-eslint";

export default [
  {
    ignores: [
      "dist/",
      "coverage/",
      "examples/",
      "src/runner/buildkit/wire/",
      "src/bake/generated/",
      "src/runner/report/page/",
      "src/runner/report/template.ts",
      "**/*.js",
      "**/*.mjs",
      "**/*.cjs",
    ],
  },
  {
    files: ["**/*.ts"],
    languageOptions: { parser, parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    plugins: { "@typescript-eslint": plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true }],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-member-access": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
];
