/** Encodings: JSON, CSV, base64 and URLs (spec/hcl.md 6.2, 6.4). */
import { encodeJson } from "../json-encode.ts";
import { list, object, string, textOf, type Value } from "../values.ts";
import { decodeBase64, encodeBase64, fromUtf8, utf8 } from "./base64.ts";
import { parseCsv } from "./csv.ts";
import { fn, type FunctionTable, nullable, text, textual } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";
import { decodeJson } from "./json-decode.ts";

function jsonEncode([value]: readonly Value[]): CallOutcome {
  const encoded = encodeJson(value as Value);
  return encoded.ok ? result(string(encoded.text)) : failure(encoded.message);
}

function jsonDecode([source]: readonly Value[]): CallOutcome {
  const decoded = decodeJson(textOf(source as Value));
  return decoded.ok ? result(decoded.value) : failure(decoded.message);
}

/** A list of objects of texts, named by the first row. */
function csvDecode([source]: readonly Value[]): CallOutcome {
  const parsed = parseCsv(textOf(source as Value));
  if (!parsed.ok) return failure(parsed.message);
  const [header, ...rows] = parsed.rows;
  if (!header) return failure("missing header line");
  const twice = header.find((name, i) => header.indexOf(name) < i);
  if (twice !== undefined) return failure(`duplicate column name ${JSON.stringify(twice)}`);
  const objects = rows.map((row) => object(row.map((field, i) => [header[i] as string, string(field)])));
  return result(list(object(header.map((name) => [name, string("")])).type, objects));
}

function base64Decode([source]: readonly Value[]): CallOutcome {
  const bytes = decodeBase64(textOf(source as Value));
  if (!bytes) return failure(`failed to decode base64 data '${textOf(source as Value)}'`);
  const decoded = fromUtf8(bytes);
  return decoded === undefined ? failure("the result of decoding the the provided string is not valid UTF-8") : result(string(decoded));
}

/** As in a query: a space is `+`, all but `A-Za-z0-9-_.~` is escaped. */
const urlEncode = (source: string): string =>
  encodeURIComponent(source)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

export function encodingFunctions(): FunctionTable {
  return {
    jsonencode: fn([nullable("val")], jsonEncode),
    jsondecode: fn([text("str")], jsonDecode),
    csvdecode: fn([text("str")], csvDecode),
    base64encode: textual(["str"], (source) => encodeBase64(utf8(source))),
    base64decode: fn([text("str")], base64Decode),
    urlencode: textual(["str"], urlEncode),
  };
}
