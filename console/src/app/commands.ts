import type { TFunction } from "i18next";
import { pathNames } from "../api/call";
import type { OperationName } from "../api/meta";
import { type Place, pathOf } from "../areas/places";
import { resources } from "../resources/registry";

/** A line of the palette: a place to go to, or something to do. */
export type Command = { key: string; label: string; also: string[]; to?: string; run?: () => void };

/** What one may create from anywhere, and the places that one may go to. What it is found by in pinyin stands at the place. */
export function commandsOf(t: TFunction, open: Place[], allowed: (name?: OperationName) => boolean): Command[] {
  const initials = new Map(open.map((place) => [place.name, place.initials ?? ""]));
  const goes = open.map((place) => ({
    key: `go.${place.name}`,
    label: t(`nav.${place.name}`),
    also: [place.name, place.initials ?? ""],
    to: pathOf(place),
  }));
  const makes = resources()
    .filter(({ create, name }) => create && allowed(create) && pathNames(create).length === 0 && initials.has(name))
    .map(({ name }) => ({
      key: `new.${name}`,
      label: t(`new.${name}`),
      also: [`new ${name}`, `xj${initials.get(name)}`],
      to: `/${name}?new=1`,
    }));
  return [...goes, ...makes];
}

const plain = (text: string) => text.normalize("NFKC").toLowerCase().trim();

/** The commands whose name holds a text, or whose English or pinyin begins with it. */
export function matching(commands: Command[], text: string): Command[] {
  const wanted = plain(text);
  return commands.filter(
    ({ label, also }) => plain(label).includes(wanted) || also.some((each) => each !== "" && each.startsWith(wanted)),
  );
}
