/** The text form of published ports, `[[ip:]host:]container[/protocol]`: what is wrong with one, if anything. */

export function portProblem(raw: string): string | undefined {
  const parts = raw.split(":");
  const container = parts.pop() as string;
  const host = parts.pop() ?? "";
  const address = parts.join(":");
  const bare = /^\[(.*)\]$/.exec(address)?.[1] ?? address;
  if (bare !== "" && !isAddress(bare)) return `invalid IP address: ${bare}`;
  const [port = "", protocol = "tcp"] = container.split("/");
  if (port === "") return `no port specified: ${raw}<empty>`;
  const inside = portRange(port);
  if (!inside) return `invalid containerPort: ${port}`;
  const outside = host === "" ? inside : portRange(host);
  if (!outside) return `invalid hostPort: ${host}`;
  const sizes = [inside[1] - inside[0], outside[1] - outside[0]];
  if (sizes[0] !== sizes[1] && sizes[0] !== 0) return `invalid ranges specified for container and host Ports: ${port} and ${host}`;
  return ["tcp", "udp", "sctp"].includes(protocol.toLowerCase()) ? undefined : `invalid proto: ${protocol}`;
}

function portRange(text: string): readonly [number, number] | undefined {
  const match = /^([0-9]+)(?:-([0-9]+))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return last > 65535 || last < first ? undefined : [first, last];
}

const isAddress = (text: string): boolean => isIpv4(text) || isIpv6(text);

const isIpv4 = (text: string): boolean => /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/.test(text);

/** Eight groups, or fewer around one `::`; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1);
  const mapped = last !== undefined && isIpv4(last);
  if (!(mapped ? groups.slice(0, -1) : groups).every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = groups.length + (mapped ? 1 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
