import { useTranslation } from "react-i18next";
import { schemas } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { useName } from "../references";
import { type Resource, referred } from "../registry";
import { useWords } from "../words";

/** Whom a right is given to. */
export type Principal = { kind: string; id: string | null; name?: string | null };

/** What the contract calls the records of each kind; everyone is none of them. */
const NOUNS: Record<string, string> = {
  account: "account",
  department: "department",
  institution: "institution",
  role: "role",
  group: "user_group",
};
export const resourceOfKind = (kind?: string): Resource | undefined => referred({ reference: NOUNS[kind ?? ""] });

/** The kinds among which somebody can choose: those whose lists they may read, and everyone. */
export function useKinds() {
  const allowed = useAllowed();
  return schemas.Principal!.kind!.enum!.filter((kind) => !(kind in NOUNS) || allowed(resourceOfKind(kind)?.list));
}

/** What a principal is called: by its name where the reader may know it, else by its kind. */
export function usePrincipal({ kind, id, name }: Principal) {
  const { t } = useTranslation();
  const words = useWords();
  const resource = resourceOfKind(kind);
  // Everyone has no name to be looked up.
  const found = useName(resource ?? resourceOfKind("account")!, (resource && id) || undefined, "id", name ?? undefined);
  const called = words.value(kind, schemas.Principal!.kind);
  if (!resource || !found) return called;
  return kind === "account" ? found : t("sharing.named", { kind: called, name: found });
}
