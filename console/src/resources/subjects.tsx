import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../api/call";
import type { Said } from "../api/meta";
import { said } from "./words";

type Subject = { noun: string; steps: { key: string; label: Said }[] };

/** What of a noun may need consent; nothing until it is known. */
export function useSubjectSteps(noun: unknown) {
  const { data } = useQuery({
    queryKey: ["approval-subjects", "list"],
    queryFn: ({ signal }) => call<{ items: Subject[] }>("list_approval_subjects", { signal }),
    staleTime: 300_000,
  });
  return data?.items.find((each) => each.noun === noun)?.steps ?? [];
}

/** Such a step by its name; its code until that is known. */
export function SubjectStepLabel({ of, step }: { of: unknown; step: string }) {
  const { i18n } = useTranslation();
  const known = useSubjectSteps(of).find(({ key }) => key === step);
  return <>{said(i18n.language, known?.label, step)}</>;
}
