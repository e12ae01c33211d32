/** Texts beyond ASCII: clusters, case, normal form (spec/hcl.md 4.3, 6.5). */
import { describe } from "vitest";
import { answers } from "./function-rig.ts";

describe("grapheme clusters follow Unicode 15.0", () => {
  answers("strlen", ["\u0915\u094d\u0937\u093f"], "2");
  answers("strlen", ["👩\u200d👩\u200d👧"], "1");
  answers("strlen", ["🇩🇪🇫🇷x"], "3");
  answers("strlen", ["\r\n"], "1");
  answers("strlen", ["\u1100\u1161\u11a8"], "1");
  answers("strlen", ["e\u0301"], "1");
  answers("reverse", ["a\r\nb"], '"b\\r\\na"');
  answers("substr", ["👩\u200d💻ñé", 0, 2], '"👩\u200d💻ñ"');
});

describe("results are in normal form C", () => {
  answers("join", ["", ["e", "\u0301"]], '"\u00e9"');
  answers("lower", ["\u212b"], '"\u00e5"');
  answers("base64decode", ["ZcyB"], '"\u00e9"');
});

describe("case maps one code point to one", () => {
  answers("lower", ["ΑΣ"], '"ασ"');
  answers("upper", ["ﬁ ᾳ"], '"ﬁ ᾼ"');
  answers("lower", ["İ"], '"i"');
  answers("title", ["a’b c—d"], '"A’b C—d"');
  answers("title", ["ǆx"], '"ǅx"');
});
