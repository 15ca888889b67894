import type { FormInstance } from "antd";
import { useTranslation } from "react-i18next";
import { OWN } from "../api/fields";
import { Problem } from "../api/problem";
import i18n from "../i18n";
import { wasDone } from "./deeds";
import { inWords } from "./permissions/named";

type FieldFault = { name: (string | number)[]; errors: string[] };

/** The place in a form that a problem's `field` means: `payment_terms.0.due_on` is the day in the first row. */
function placeOf(field: string) {
  const [first = "", ...rest] = field.startsWith(OWN)
    ? [firstOf(field), ...field.split(".").slice(2)]
    : field.split(".");
  return [first, ...rest.map((part) => (/^\d+$/.test(part) ? Number(part) : part))];
}

/** What a form calls the field that a problem is about; one that is set at run time has a point in its name. */
const firstOf = (field: string) => field.split(".", field.startsWith(OWN) ? 2 : 1).join(".");

/** Splits what a problem says into what stands beside fields of the form, and what stands above all of it. */
export function faultsIn(problem: Problem, asked: string[]): { fields: FieldFault[]; rest: string[] } {
  const mine = problem.errors.filter((error) => asked.includes(firstOf(error.field)));
  const others = problem.errors.filter((error) => !mine.includes(error));
  const byField = Map.groupBy(mine, (error) => error.field);
  return {
    fields: [...byField].map(([field, errors]) => ({ name: placeOf(field), errors: errors.map((e) => e.message) })),
    rest: others.map((error) => `${error.field}: ${error.message}`),
  };
}

/** Whether something was changed at a place of a form; what was emptied says so too. */
const isChanged = (changed: unknown, [first, ...rest]: (string | number)[]): boolean =>
  first === undefined ||
  (changed instanceof Object && first in changed && isChanged(Reflect.get(changed, first), rest));

/** Takes away what was refused of fields that are answered anew: it was said of another answer. */
export function forgetFaults(form: FormInstance, changed: object) {
  const old = form.getFieldsError().filter(({ name, errors }) => errors.length > 0 && isChanged(changed, name));
  form.setFields(old.map(({ name }) => ({ name, errors: [] })));
}

/** What a refusal says as a whole; the permission that it asks for by its name, as roles show it. */
const messageOf = ({ status, message }: Problem) => (status === 403 ? inWords(message, i18n.language) : message);

/** All that a refusal says: as a whole, and of each part of what was asked. */
export function whyOf(error: unknown) {
  if (!(error instanceof Problem)) return "";
  return [messageOf(error), ...error.errors.map(({ field, message }) => `${field}: ${message}`)]
    .filter(Boolean)
    .join(" ");
}

/** Returns what says to people why something was refused, or that nobody answered. */
export function useRefusal() {
  const { t } = useTranslation();
  return (error: unknown) => {
    const problem = error instanceof Problem ? error : new Problem(0, {});
    if (problem.status === 412) return t("record.stale");
    return wasDone(error) ? t("form.doneBefore") : messageOf(problem) || t("form.unreachable");
  };
}
