import { EVERY, type Grants, SCOPES } from "./catalogue";

export type Change = { permission: string; from?: string; to?: string; gained: boolean };

const width = (scope?: string) => (scope ? SCOPES.indexOf(scope) + 1 : 0);

/** What one gains and loses where grants become others; what is gained stands first. */
export function changesBetween(before: Grants, after: Grants): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((permission) => before[permission] !== after[permission])
    .map((permission) => {
      const [from, to] = [before[permission], after[permission]];
      return { permission, from, to, gained: width(to) > width(from) };
    })
    .sort((a, b) => Number(b.gained) - Number(a.gained) || a.permission.localeCompare(b.permission));
}

/** Grants with one permission in another scope, or without it. */
export function granted(grants: Grants, permission: string, scope?: string): Grants {
  const { [permission]: _, ...others } = grants;
  return scope ? { ...others, [permission]: scope } : others;
}

/** What I have changed since I began, done to what somebody else has made of it meanwhile. */
export function rebased(began: Grants, mine: Grants, theirs: Grants): Grants {
  return changesBetween(began, mine).reduce((all, { permission, to }) => granted(all, permission, to), theirs);
}

/** In which scope a permission is held: what stands for every one of them may be wider than its own. */
export function effective(grants: Grants, permission: string): string | undefined {
  const [own, every] = [grants[permission], grants[EVERY]];
  return width(every) > width(own) ? every : own;
}
