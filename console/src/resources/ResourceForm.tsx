import { App, Drawer } from "antd";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { type NavigateOptions, useNavigate } from "react-router";
import { pathNames, type Row } from "../api/call";
import { firstOf, useSettings } from "../api/fields";
import { useIsOver } from "./address";
import { useDay } from "./days";
import { LookAlikes } from "./LookAlikes";
import { OperationForm } from "./OperationForm";
import { useRefresh } from "./queries";
import { type Owner, type Resource, recordPath, titleOf } from "./registry";
import { useSecret } from "./secrets";
import { useStanding } from "./useDraft";
import type { Done } from "./useSending";
import { useTold } from "./useTold";
import { useWide } from "./useWide";

/** The drawer in which a record is made: of its own, or as one of a record's own. */
export default function ResourceForm({
  resource,
  owner,
  starts,
  onClose,
  onMade,
}: {
  resource: Resource;
  owner?: Owner;
  /** What it begins with besides. */
  starts?: Record<string, unknown>;
  onClose: () => void;
  /** What is done with the new one, instead of going to its page. */
  onMade?: (made: Row) => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const showSecret = useSecret();
  const tell = useTold();
  const navigate = useNavigate();
  const isOver = useIsOver();
  const refresh = useRefresh();
  const { today } = useDay();
  const wide = useWide();
  useSettings();
  const standInPlace = useStanding(resource);
  const inPath = owner && pathNames(resource.create!).includes(owner.by);
  const finish: Done = (saved, isShown, since) => {
    const go = (how?: NavigateOptions) => void navigate(recordPath(resource, saved.id), how);
    standInPlace(saved, since);
    void refresh(resource);
    showSecret(saved);
    const late = t("form.savedOf", { name: titleOf(resource, saved) });
    if (!isShown) return void (resource.get ? tell(saved.id, late, t("form.open"), () => go()) : message.success(late));
    message.success(t("form.saved"));
    // Its page takes the place of the form in the history too.
    if (isOver && resource.get) return go({ replace: true });
    onClose();
    if (onMade) onMade(saved);
    else if (resource.get) go();
  };
  return (
    <Drawer
      open
      // Its first field has the focus.
      autoFocus={false}
      // The second press of a double click falls beside the drawer that the first one has opened.
      mask={{ closable: false }}
      onClose={onClose}
      title={t(`new.${resource.name}`)}
      size={wide ? 520 : "100%"}
      destroyOnHidden
    >
      <OperationForm
        operation={resource.create!}
        draft={owner ? `${resource.name}.${owner.id}` : resource.name}
        first={firstOf(resource.noun, resource.form)}
        starts={{ ...resource.begins?.(today), ...starts, ...(owner && !inPath && { [owner.by]: owner.id }) }}
        path={inPath ? { [owner.by]: owner.id } : undefined}
        // What it belongs to is answered.
        focus={owner && resource.form?.find((name) => name !== owner.by)}
        submit={t("form.save")}
        onDone={finish}
        below={(field, first) => (
          <>
            {first && resource.beside && (
              <Suspense>
                <resource.beside owner={owner} />
              </Suspense>
            )}
            {resource.alike?.map((look) => look.by === field && <LookAlikes key={look.resource} {...look} />)}
          </>
        )}
      />
    </Drawer>
  );
}
