import { useTranslation } from "react-i18next";
import { resources } from "../registry";

/** Under which text an operation is called what people call it: as on its button, or as what it makes or changes. */
function keyOf(operation: string) {
  const made = resources().find(({ create }) => create === operation);
  return made ? [`new.${made.name}`] : [`action.${operation}`, `step.operation.${operation}`];
}

/** What people call an operation or an event; what only services ask of each other keeps its name. */
export function useStepName() {
  const { t, i18n } = useTranslation();
  return (name: string) => {
    const [noun, verb] = name.split(".");
    if (!verb) return t(keyOf(name), { defaultValue: name });
    const [subject, happened] = [`step.noun.${noun}`, `step.verb.${verb}`];
    if (!i18n.exists(subject) || !i18n.exists(happened)) return name;
    return t("step.event", { noun: t(subject), verb: t(happened) });
  };
}
