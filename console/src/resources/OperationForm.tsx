import { Alert, Button, Form } from "antd";
import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../api/bodies";
import type { Fields, OperationName } from "../api/meta";
import { isSame } from "./deeds";
import { FormField } from "./FormFields";
import { filledIn } from "./filledIn";
import { kindOf } from "./kinds";
import { forgetFaults } from "./refusals";
import { inOrder } from "./registry";
import { composes, leaves } from "./typing";
import { type Done, useSending } from "./useSending";

type Props = {
  operation: OperationName;
  /** What the draft is kept under: another one for each record that the form is about. */
  draft: string;
  /** What is asked at all, where that is less than the body takes. */
  asks?: string[];
  /** What is asked first; the rest stands behind a fold. By itself everything is asked at once. */
  first?: string[];
  starts?: Record<string, unknown>;
  path?: Record<string, string> | string;
  version?: number;
  submit: string;
  /** One line that asks only what is asked first, and that Enter sends; a new line is Shift and Enter. */
  inLine?: boolean;
  /** Where one begins to type: in the first field of a form that has no answer yet, nowhere in a line. */
  focus?: string | string[];
  /** What stands above the first field, about all that the form does. */
  intro?: ReactNode;
  /** What stands below a field, about what is being typed there. */
  below?: (field: string, first: boolean) => ReactNode;
  /** What stands beside the button that sends, with what would be sent; it says nothing while something is wrong with it. */
  beside?: (body: () => Promise<object | undefined>) => ReactNode;
  onDone: Done;
};

/** The form of an operation's body. It keeps its draft until the server has said yes, or one wants to begin anew. */
export function OperationForm(props: Props) {
  const [begun, setBegun] = useState(0);
  return <BegunForm key={begun} {...props} onAnew={() => setBegun(begun + 1)} />;
}

function BegunForm(props: Props & { onAnew: () => void }) {
  const { operation, draft: about, asks, first, starts, path, version, submit, inLine, below, onDone } = props;
  const { t } = useTranslation();
  const [form] = Form.useForm();
  const [unfolded, setUnfolded] = useState(false);
  const fields = bodyOf(operation);
  const all = (asks ?? inOrder(fields)).filter((field) => !(typeof path === "object" && field in path));
  const shown = (first ?? all).filter((field) => all.includes(field));
  const rest = inLine ? [] : all.filter((field) => !shown.includes(field));
  const { kept, keep, forget, send, above, isPending } = useSending({
    operation,
    about,
    form,
    asked: all,
    path,
    version,
    goesOn: inLine,
    onDone,
    onRefused: (names) => setUnfolded((open) => open || names.some((name) => rest.includes(name))),
  });
  const given: Record<string, unknown> = { ...starts, ...kept };
  const unanswered = shown.find(
    (name) => isWrittenInto(name, fields) && (given[name] ?? fields[name]!.default ?? "") === "",
  );
  const focus = props.focus ?? (inLine ? undefined : (unanswered ?? shown[0]));
  // Not before the window around it stands in the page.
  useEffect(() => {
    if (focus) form.getFieldInstance(focus)?.focus?.({ cursor: "all" });
  }, []);
  const whole = (values: object) =>
    filledIn({ ...hidden(starts, Object.keys(fields), shown, rest), ...values }) as object;
  const checked = () => form.validateFields().then(whole, () => undefined);
  return (
    <Form
      form={form}
      // Its inputs are called by it: what several forms and the page call alike is there once.
      name={useId()}
      layout={inLine ? "inline" : "vertical"}
      className={inLine ? "in-line" : undefined}
      scrollToFirstError
      initialValues={given}
      onValuesChange={(changed) => {
        forgetFaults(form, changed);
        keep();
      }}
      onFinish={(values) => send(whole(values))}
      // What stands in the line stays its draft, and single keys are the page's again.
      onKeyDown={(event) => inLine && leaves(event) && (event.target as HTMLElement).blur()}
      onKeyDownCapture={(event) => sends(event, inLine) && setTimeout(form.submit)}
    >
      {!inLine && isMore(kept, starts, fields) && (
        <p className="not-fresh" role="status">
          {t("form.restored")}{" "}
          <Button
            type="link"
            size="small"
            onClick={() => {
              forget();
              props.onAnew();
            }}
          >
            {t("form.anew")}
          </Button>
        </p>
      )}
      <div aria-live="assertive">
        {above.length > 0 && <Alert type="error" showIcon title={above[0]} description={above.slice(1).join(" ")} />}
      </div>
      {props.intro}
      {shown.map((field, index) => (
        <Fragment key={field}>
          <FormField name={field} fields={fields} inLine={inLine} />
          {below?.(field, index === 0)}
        </Fragment>
      ))}
      {rest.length > 0 && (
        <details open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
          <summary>{t("form.rest")}</summary>
          {rest.map((field) => (
            <Fragment key={field}>
              <FormField name={field} fields={fields} />
              {below?.(field, false)}
            </Fragment>
          ))}
        </details>
      )}
      <Button type="primary" htmlType="submit" loading={isPending}>
        {submit}
      </Button>
      {props.beside && <> {props.beside(checked)}</>}
    </Form>
  );
}

/** Whether what was kept says something that the form does not begin with by itself. */
function isMore(kept: Record<string, unknown>, starts: Record<string, unknown> = {}, fields: Fields) {
  const said = Object.entries(filledIn(kept) as object);
  return said.some(([name, value]) => !isSame(value, starts[name] ?? fields[name]?.default));
}

/** What a body begins with and the form does not ask for, such as whose it is. */
function hidden(starts: Record<string, unknown> = {}, taken: string[], ...asked: string[][]) {
  return Object.fromEntries(
    Object.entries(starts).filter(([name]) => taken.includes(name) && !asked.flat().includes(name)),
  );
}

/** Whether a key sends: Ctrl Enter does in every field, in a line Enter too. One that ends an input method's word does not. */
function sends(event: KeyboardEvent<HTMLElement>, inLine?: boolean) {
  if (event.key !== "Enter" || composes(event.nativeEvent)) return false;
  const isLine = inLine && !event.shiftKey && event.target instanceof HTMLTextAreaElement;
  if (!event.ctrlKey && !event.metaKey && !isLine) return false;
  // It opens no list of choices and presses no button; but a day that is being typed is taken first.
  event.preventDefault();
  if (!(event.target as Element).closest(".ant-picker")) event.stopPropagation();
  return true;
}

/** Whether a question has one input, in which one can begin. */
const isWrittenInto = (name: string, fields: Fields) =>
  !["part", "parts", "grants", "conditions"].includes(kindOf(name, fields[name]!, fields));
