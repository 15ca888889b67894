import { searches, type Terms } from "../../api/conditions";
import { type Grants, groups, SERVICES } from "../../resources/permissions/catalogue";
import { resources } from "../../resources/registry";

/** The one scope of what is nobody's: there are no kinds of it to hold a permission on. */
const FOR_ALL = ["all"];

/** What a limit of a permission may be on: what says of what kind a record of its noun is; nothing where it has no kinds. */
export function termsOfLimit(permission: string): Terms | undefined {
  const resource = resources().find((each) => each.noun === permission.split(".")[0]);
  const terms = resource && searches[resource.list]?.terms;
  const own = Object.entries(terms ?? {}).filter(([, term]) => term["x-limits"]);
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

/** The permissions of a role that may be held on some kinds of records only, in the order of the contract. */
export function limitable(permissions: Grants): string[] {
  const told = groups(SERVICES.filter((service) => service !== "identity")).flatMap(({ nouns }) => nouns);
  return told
    .flatMap((noun) => noun.permissions)
    .filter(({ name, scopes }) => name in permissions && scopes.join() !== FOR_ALL.join() && termsOfLimit(name))
    .map(({ name }) => name);
}
