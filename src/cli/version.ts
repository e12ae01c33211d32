/** The version of this build; the bundler replaces it by the one of package.json. */
declare const TSBAKE_VERSION: string | undefined;

export const VERSION: string = typeof TSBAKE_VERSION === "string" ? TSBAKE_VERSION : "0.0.0-dev";
