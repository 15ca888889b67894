import type { TFunction } from "i18next";
import { pathNames } from "../api/call";
import type { OperationName } from "../api/meta";
import { type Place, pathOf } from "../areas/places";
import { plain } from "../resources/plain";
import { resources } from "../resources/registry";
import { pinyinOf } from "./pinyin";

/** A line of the palette: a place to go to, or something to do. */
export type Command = { key: string; label: string; also: string[]; to?: string; run?: () => void };

/** What the name of a new one begins with in Chinese, before the noun: to make, or to put on record. */
const MAKES = /^(新建|登记) ?/;

/** What one may create from anywhere, and the places that one may go to; each by its own name in pinyin, and by the other's. */
export function commandsOf(t: TFunction, open: Place[], allowed: (name?: OperationName) => boolean): Command[] {
  const places = new Map(open.map((place) => [place.name, place]));
  const nounOf = (name: string) => pinyinOf(t(`new.${name}`).replace(MAKES, ""));
  const makes = resources().filter(
    ({ create, name }) => create && allowed(create) && pathNames(create).length === 0 && places.has(name),
  );
  const made = new Set(makes.map(({ name }) => name));
  return [
    ...open.map((place) => ({
      key: `go.${place.name}`,
      label: t(`nav.${place.name}`),
      also: [
        place.name,
        place.initials ?? "",
        ...pinyinOf(t(`nav.${place.name}`)),
        ...(made.has(place.name) ? nounOf(place.name) : []),
      ],
      to: pathOf(place),
    })),
    ...makes.map(({ name }) => ({
      key: `new.${name}`,
      label: t(`new.${name}`),
      also: [`new ${name}`, `xj${places.get(name)!.initials}`, ...pinyinOf(t(`new.${name}`)), ...nounOf(name)],
      to: `/${name}?new=1`,
    })),
  ];
}

/** The commands whose name holds a text, or whose English or pinyin begins with it. */
export function matching(commands: Command[], text: string): Command[] {
  const wanted = plain(text);
  return commands.filter(
    ({ label, also }) =>
      plain(label).includes(wanted) || also.some((each) => each !== "" && plain(each).startsWith(wanted)),
  );
}
