import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAllowed } from "../api/permissions";
import { offersNow } from "../resources/offers";
import { recordPath } from "../resources/registry";
import { commandsOf, matching } from "./commands";
import { useOpenPlaces } from "./Navigation";
import { useFound } from "./useFound";
import { useOwnCommands } from "./useOwnCommands";

/** A line of the palette, and where it leads or what it does. */
export type Line = { key: string; label: string; detail?: string; to?: string; run?: () => void };
/** Lines under one name. */
export type Group = { name: string; lines: Line[]; isAway?: boolean };

/**
 * What a text may mean: what the page shown offers, places, what can be made, and the records that hold it.
 *
 * `deeds`: only what the page shown offers.
 */
export function useLines(text: string, deeds: boolean) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const open = useOpenPlaces().flatMap((place) => place.below ?? [place]);
  const own = useOwnCommands();
  // What the page offers is asked once: the palette lies above it.
  const [offers] = useState(() => offersNow().map(({ name, run }) => ({ key: name, label: name, also: [], run })));
  const commands = deeds ? offers : [...offers, ...commandsOf(t, open, allowed), ...own];
  const found = useFound(deeds ? "" : text);
  const records = found.sections.map(({ resource, section }) => ({
    name: t(`nav.${resource.name}`),
    isAway: section.status === "unavailable",
    lines: section.items.map(({ id, title, number, detail }) => ({
      key: `${resource.name} ${id}`,
      label: title,
      detail: [number, detail].filter(Boolean).join(" · "),
      to: recordPath(resource, id),
    })),
  }));
  const groups: Group[] = [{ name: t("palette.commands"), lines: matching(commands, text) }, ...records];
  const lines = groups.flatMap((group) => group.lines);
  const isEmpty = lines.length === 0 && (deeds || found.isEmpty);
  const { isPending, error, isTooLong } = found;
  return { groups, lines, isPending, error, isTooLong, isEmpty, offersNothing: deeds && offers.length === 0 };
}
