/** What decoding a value gives, and the messages that all decoders share. */

export type Decoded =
  /** `content` is undefined when the value means "not set". */
  | { readonly ok: true; readonly content: unknown /** How many entries each list item gave. */; readonly counts?: readonly number[] }
  | { readonly ok: false; readonly message: string };

export const NULL_VALUE = "null value is not allowed";
export const UNKNOWN_VALUE = "value must be known";
