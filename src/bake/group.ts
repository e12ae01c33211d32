/** Expanding groups to target names (spec/bake.md 6.3). Linear in members; nothing recurses. */
import type { Catalogue, GroupEntry } from "./catalogue.ts";

export interface Expansion {
  /** Target names, first occurrence kept. */
  readonly targets: readonly string[];
  /** Groups on the way, the requested one first. */
  readonly groups: readonly string[];
}

interface Frame {
  readonly name: string;
  readonly group: GroupEntry;
  next: number;
}

/**
 * What a name stands for. A group that is being expanded, or that is empty, stands for the target of
 * its name where it is a member; a group met again adds nothing new.
 */
export function expandName(name: string, { groups }: Catalogue): Expansion {
  const group = groups.get(name);
  if (!group) return { targets: [name], groups: [] };
  const targets = new Set<string>();
  const reached = new Set([name]);
  const open = new Set([name]);
  const stack: Frame[] = [{ name, group, next: 0 }];
  for (let frame = stack[stack.length - 1]; frame; frame = stack[stack.length - 1]) {
    const member = frame.group.members[frame.next++];
    if (member === undefined) {
      open.delete(frame.name);
      stack.pop();
      continue;
    }
    const inner = groups.get(member);
    if (!inner || open.has(member) || inner.members.length === 0) targets.add(member);
    if (!inner || reached.has(member)) continue;
    reached.add(member);
    if (inner.members.length === 0) continue;
    open.add(member);
    stack.push({ name: member, group: inner, next: 0 });
  }
  return { targets: [...targets], groups: [...reached] };
}
