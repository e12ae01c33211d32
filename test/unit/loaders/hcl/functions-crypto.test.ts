/** Digests, ids and versions: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers } from "./function-rig.ts";

describe("md5", () => {
  answers("md5", [""], '"d41d8cd98f00b204e9800998ecf8427e"');
});

describe("sha1", () => {
  answers("sha1", ["é"], '"bf15be717ac1b080b4f1c456692825891ff5073d"');
});

describe("bcrypt", () => {
  answers(
    "bcrypt",
    ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 4],
    "✗ error occured generating password bcrypt: password length exceeds 72 bytes",
  );
});

describe("rsadecrypt", () => {
  answers("rsadecrypt", ["!!", "x"], '✗ failed to decode input "!!": cipher text must be base64-encoded');
  answers("rsadecrypt", ["eA==", "x"], "✗ failed to parse key: no key found");
});

describe("uuidv5", () => {
  answers("uuidv5", ["x", "y"], "✗ uuidv5() doesn't support namespace x (invalid UUID length: 1)");
  answers("uuidv5", ["{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "a"], '"4f3f2898-69e3-5a0d-820a-c4e87987dbce"');
  answers("uuidv5", ["urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a"], '"4f3f2898-69e3-5a0d-820a-c4e87987dbce"');
  answers("uuidv5", ["6ba7b8109dad11d180b400c04fd430c8", "a"], '"4f3f2898-69e3-5a0d-820a-c4e87987dbce"');
  answers(
    "uuidv5",
    ["6ba7b810-9dad-11d1-80b4-00c04fd430cz", "a"],
    "✗ uuidv5() doesn't support namespace 6ba7b810-9dad-11d1-80b4-00c04fd430cz (invalid UUID format)",
  );
  answers(
    "uuidv5",
    ["6ba7b810x9dad-11d1-80b4-00c04fd430c8", "a"],
    "✗ uuidv5() doesn't support namespace 6ba7b810x9dad-11d1-80b4-00c04fd430c8 (invalid UUID format)",
  );
  answers("uuidv5", ["6BA7B810-9dad-11d1-80b4-00c04fd430c8", "a"], '"4f3f2898-69e3-5a0d-820a-c4e87987dbce"');
  answers("uuidv5", ["", "a"], "✗ uuidv5() doesn't support namespace  (invalid UUID length: 0)");
  answers("uuidv5", ["DNS", "a"], "✗ uuidv5() doesn't support namespace DNS (invalid UUID length: 3)");
  answers("uuidv5", ["(6ba7b810-9dad-11d1-80b4-00c04fd430c8)", "a"], '"4f3f2898-69e3-5a0d-820a-c4e87987dbce"');
  answers(
    "uuidv5",
    ["urn:xxxx:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a"],
    '✗ uuidv5() doesn\'t support namespace urn:xxxx:6ba7b810-9dad-11d1-80b4-00c04fd430c8 (invalid urn prefix: "urn:xxxx:")',
  );
  answers("uuidv5", ["zba7b8109dad11d180b400c04fd430c8", "a"], "✗ uuidv5() doesn't support namespace zba7b8109dad11d180b400c04fd430c8 (invalid UUID format)");
});

describe("semvercmp", () => {
  answers("semvercmp", ["1.2.3", ">>1"], "✗ improper constraint: >>1");
  answers("semvercmp", ["x", ">1"], "✗ invalid semantic version");
  answers("semvercmp", [" 1.2.3", ">1"], "✗ invalid semantic version");
  answers("semvercmp", ["1.2.3.4", ">1"], "✗ invalid semantic version");
  answers("semvercmp", ["1.2.3-", ">1"], "✗ invalid semantic version");
  answers("semvercmp", ["1.2.3-01", ">1"], "✗ version segment starts with 0");
  answers("semvercmp", ["1.2.3-a..b", ">1"], "✗ invalid semantic version");
  answers("semvercmp", ["01.2.3", "1.2.3"], "true");
  answers(
    "semvercmp",
    ["99999999999999999999.0.0", ">1"],
    '✗ error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
  );
  answers("semvercmp", ["1.2.3", ""], "✗ improper constraint: ");
  answers("semvercmp", ["1.2.3", "||"], "✗ improper constraint: ");
  answers("semvercmp", ["1.2.3", ">1||"], "✗ improper constraint: ");
  answers("semvercmp", ["1.2.3", ">1 <2"], "false");
  answers("semvercmp", ["1.2.3", ">1,,<2"], "✗ improper constraint: >1,,<2");
  answers("semvercmp", ["1.2.3", ">1,<2,"], "✗ improper constraint: >1,<2,");
  answers("semvercmp", ["1.2.3", " >= 1 "], "true");
  answers("semvercmp", ["1.2.3", "x"], "true");
  answers("semvercmp", ["1.2.3", "1.x.3"], "true");
  answers("semvercmp", ["1.2.3", "^x"], "false");
  answers("semvercmp", ["1.2.3", "!=1.x"], "false");
  answers("semvercmp", ["1.2.3", "=>1.2"], "true");
  answers("semvercmp", ["1.2.3", "=<1.2"], "true");
  answers("semvercmp", ["1.2.3", "~>1.2"], "true");
  answers("semvercmp", ["1.2.3", "~0"], "false");
  answers("semvercmp", ["1.2.3", "~0.0.0"], "true");
  answers("semvercmp", ["1.2.3-a", "~1.2.3-a"], "true");
  answers("semvercmp", ["1.2.3-a", "*"], "false");
  answers("semvercmp", ["1.2.3-a", "*-0"], "true");
  answers("semvercmp", ["1.2.3-a", ">=1.2.3-0, <2"], "true");
  answers("semvercmp", ["1.2.4-a", ">=1.2.3-0"], "true");
  answers("semvercmp", ["1.2.3", "1.2 - 1.3"], "true");
  answers("semvercmp", ["1.2.3", "1.2-1.3"], "true");
  answers("semvercmp", ["1.2.3", "1.0-2.0"], "false");
  answers("semvercmp", ["1.2.3", "v1.2.3"], "true");
  answers("semvercmp", ["1.2.3", ">=v1.2.3+meta"], "true");
  answers("semvercmp", ["1.2.3+a", "=1.2.3+b"], "true");
  answers("semvercmp", ["0.2.5", "^0.2.3"], "true");
  answers("semvercmp", ["0.0.3", "^0.0.3"], "true");
  answers("semvercmp", ["0.0.4", "^0.0.3"], "false");
  answers("semvercmp", ["0.5.0", "^0"], "true");
  answers("semvercmp", ["0.0.5", "^0.0"], "true");
  answers("semvercmp", ["0.1.5", "^0.0"], "false");
  answers("semvercmp", ["1.2.3-alpha.1", ">1.2.3-alpha"], "true");
  answers("semvercmp", ["1.2.3-alpha.10", ">1.2.3-alpha.9"], "true");
  answers("semvercmp", ["1.2.3-1", "<1.2.3-a"], "true");
  answers("semvercmp", ["1.2.3", "1.2.3 1.2.3"], "true");
  answers("semvercmp", ["1.2.3", "1.2.3 || nope"], "✗ improper constraint:  nope");
  answers("semvercmp", ["1.2.3", "a.b.c"], "✗ improper constraint: a.b.c");
  answers("semvercmp", ["1.2.3", "1.2.3.4"], "✗ improper constraint: 1.2.3.4");
  answers("semvercmp", ["1.2.3", "> 1.2.2 , < 1.2.4"], "true");
  answers("semvercmp", ["1.2.3", "~ 1.2"], "true");
  answers("semvercmp", ["1.2.3", "=1.2.3-"], "✗ improper constraint: =1.2.3-");
  answers("semvercmp", ["1.2.3", "<1.2.4-0"], "true");
  answers("semvercmp", ["1.2.3", ">=01.2.3"], "true");
});
