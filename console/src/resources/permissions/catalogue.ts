import { useTranslation } from "react-i18next";
import told from "../../api/generated/permissions.json";
import type { Said } from "../../api/meta";
import { said } from "../words";

/** Scope by permission: `{ "contract.sign": "own" }`. */
export type Grants = Record<string, string>;
/** Stands for every permission there is. */
export const EVERY = "*";
/** From narrow to wide. */
export const SCOPES = ["own", "department_only", "department", "institution", "departments", "all"];

type Deed = { "x-label": Said; "x-order": number; scopes: string[]; "x-for-people"?: boolean };
type Noun = { "x-label": Said; "x-order": number; service: string; deeds: Record<string, Deed> };
const nouns = told as unknown as Record<string, Noun>;

const inOrder = <Each extends { "x-order": number }>(told: Record<string, Each>) =>
  Object.entries(told).sort(([, a], [, b]) => a["x-order"] - b["x-order"]);

type Permission = { name: string; noun: string; scopes: string[]; forPeople: boolean };
export type Group = { service: string; nouns: { noun: string; permissions: Permission[] }[] };

/** Every permission of the contract, by service and noun, in the order in which they were declared. */
export function groups(order: string[]): Group[] {
  return order.map((service) => ({
    service,
    nouns: inOrder(nouns)
      .filter(([, each]) => each.service === service)
      .map(([noun, { deeds }]) => ({
        noun,
        permissions: inOrder(deeds).map(([deed, { scopes, "x-for-people": forPeople }]) => ({
          name: `${noun}.${deed}`,
          noun,
          scopes,
          forPeople: forPeople === true,
        })),
      })),
  }));
}

/** The services that permissions are about, in the order of the navigation. */
export const SERVICES = ["customer", "sales", "contract", "finance", "service-desk", "identity", "gateway"];
export const servicesTold = () => [...new Set(Object.values(nouns).map((noun) => noun.service))];

/** What was granted under a name that the contract does not have, by an earlier or a later release. */
export const unknownIn = (grants: Grants) =>
  Object.keys(grants).filter((name) => {
    const [noun, deed] = name.split(".");
    return name !== EVERY && !nouns[noun!]?.deeds[deed!];
  });

/** What nouns, permissions and scopes are called. */
export function useCalled() {
  const { t, i18n } = useTranslation();
  const noun = (name: string) => said(i18n.language, nouns[name]?.["x-label"], name);
  const deed = (permission: string) => {
    const [name, what] = permission.split(".");
    const known = nouns[name!]?.deeds[what!];
    return permission === EVERY ? t("permissions.every") : said(i18n.language, known?.["x-label"], permission);
  };
  return {
    noun,
    deed,
    /** With its noun, where it stands alone. */
    whole: (permission: string) => {
      const name = permission.split(".")[0]!;
      return name in nouns ? t("permissions.whole", { noun: noun(name), deed: deed(permission) }) : deed(permission);
    },
    /** A service, or what belongs to none of them. */
    service: (name: string) => t([`permissions.service.${name}`, `process.service.${name}`]),
    scope: (scope: string | undefined) =>
      t(`permissions.scope.${scope?.includes("departments:") ? "departments" : (scope ?? "none")}`),
  };
}
