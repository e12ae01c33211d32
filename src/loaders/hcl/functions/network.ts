/** IP networks (spec/hcl.md 6.4). Addresses are numbers of 32 or 128 bits. */
import { list, STRING, string, textOf, type Value } from "../values.ts";
import { fn, type FunctionTable, NOT_WHOLE, numeric, text, variadic, wholeNumber } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";

interface Network {
  /** Host bits are zero. */
  readonly base: bigint;
  readonly prefix: number;
  readonly bits: 32 | 128;
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split(".");
  if (octets.length !== 4) return undefined;
  let value = 0n;
  for (const octet of octets) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

/** Groups of four hexadecimal digits on one side of `::`; the last may be an IPv4 address. */
function parseGroups(text: string, last: boolean): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else {
      const embedded = last && i === parts.length - 1 ? parseV4(part) : undefined;
      if (embedded === undefined) return undefined;
      groups.push(embedded >> 16n, embedded & 0xffffn);
    }
  }
  return groups;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? "", true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((value, group) => (value << 16n) | group, 0n);
}

const mask = (network: Pick<Network, "prefix" | "bits">): bigint => ((1n << BigInt(network.prefix)) - 1n) << BigInt(network.bits - network.prefix);

/** `10.0.0.0/8`; host bits are cleared. */
function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  if (slash < 0 || !/^\d{1,6}$/.test(length)) return undefined;
  const bits = address.includes(":") ? 128 : 32;
  const value = bits === 128 ? parseV6(address) : parseV4(address);
  const prefix = Number(length);
  if (value === undefined || prefix > bits) return undefined;
  return { base: value & mask({ prefix, bits }), prefix, bits };
}

/** Canonical text: IPv6 in lower case with its longest run of zero groups as `::`. */
function addressText(value: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === "0") length++;
    if (length > best.length) best = { at, length };
  }
  if (best.at < 0) return groups.join(":");
  return `${groups.slice(0, best.at).join(":")}::${groups.slice(best.at + best.length).join(":")}`;
}

const networkText = (network: Network): string => `${addressText(network.base, network.bits)}/${network.prefix}`;
const invalid = (source: string): string => `invalid CIDR expression: invalid CIDR address: ${source}`;

/** Negative numbers count from the end. */
function host([prefix, number]: readonly Value[]): CallOutcome {
  const at = wholeNumber(number as Value);
  if (at === undefined) return failure(NOT_WHOLE);
  const network = parseNetwork(textOf(prefix as Value));
  if (!network) return failure(invalid(textOf(prefix as Value)));
  const size = 1n << BigInt(network.bits - network.prefix);
  if (at >= size || -at > size) return failure(`prefix of ${network.prefix} does not accommodate a host numbered ${at}`);
  return result(string(addressText(network.base + (at < 0n ? size + at : at), network.bits)));
}

function netmask([prefix]: readonly Value[]): CallOutcome {
  const network = parseNetwork(textOf(prefix as Value));
  return network ? result(string(addressText(mask(network), network.bits))) : failure(invalid(textOf(prefix as Value)));
}

const TOO_FAR = "may not extend prefix by more than 32 bits";

function subnet([prefix, newBits, number]: readonly Value[]): CallOutcome {
  const extra = wholeNumber(newBits as Value);
  const at = wholeNumber(number as Value);
  if (extra === undefined || at === undefined) return failure(NOT_WHOLE);
  const network = parseNetwork(textOf(prefix as Value));
  if (!network) return failure(invalid(textOf(prefix as Value)));
  if (extra > 32n) return failure(TOO_FAR);
  const length = network.prefix + Number(extra);
  if (length > network.bits || length < 0) return failure(`insufficient address space to extend prefix of ${network.prefix} by ${extra}`);
  if (at < 0n || at >= 1n << (extra < 0n ? 0n : extra)) return failure(`prefix extension of ${extra} does not accommodate a subnet numbered ${at}`);
  const base = network.base + (at << BigInt(network.bits - length));
  return result(string(networkText({ base, prefix: length, bits: network.bits })));
}

/** One after the other, each at the next border of its own size. */
function subnets([prefix, ...newBits]: readonly Value[]): CallOutcome {
  const network = parseNetwork(textOf(prefix as Value));
  if (!network) return failure(invalid(textOf(prefix as Value)), 0);
  const end = network.base + (1n << BigInt(network.bits - network.prefix));
  const made: Network[] = [];
  let at = network.base;
  for (const [i, value] of newBits.entries()) {
    const extra = wholeNumber(value);
    if (extra === undefined) return failure(NOT_WHOLE, i + 1);
    if (extra < 1n) return failure("must extend prefix by at least one bit", i + 1);
    if (extra > 32n) return failure(TOO_FAR, i + 1);
    const length = network.prefix + Number(extra);
    const family = network.bits === 32 ? "IPv4" : "IPv6";
    if (length > network.bits) return failure(`would extend prefix to ${length} bits, which is too long for an ${family} address`, i + 1);
    const size = 1n << BigInt(network.bits - length);
    const base = ((at + size - 1n) / size) * size;
    if (base + size > end) {
      const last = made.at(-1);
      return failure(`not enough remaining address space for a subnet with a prefix of ${length} bits after ${last ? networkText(last) : ""}`, i + 1);
    }
    made.push({ base, prefix: length, bits: network.bits });
    at = base + size;
  }
  return result(
    list(
      STRING,
      made.map((each) => string(networkText(each))),
    ),
  );
}

export function networkFunctions(): FunctionTable {
  return {
    cidrhost: fn([text("prefix"), numeric("hostnum")], host),
    cidrnetmask: fn([text("prefix")], netmask),
    cidrsubnet: fn([text("prefix"), numeric("newbits"), numeric("netnum")], subnet),
    cidrsubnets: variadic([text("prefix")], numeric("newbits"), subnets),
  };
}
