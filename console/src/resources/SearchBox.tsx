import { Input, type InputRef } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import { Clear } from "./Clear";
import type { Resource } from "./registry";
import { isTooLong, LONGEST } from "./searching";
import { KEYS, useHint, useShortcut } from "./shortcuts";
import { useTyped } from "./useTyped";

/** Searches while one types. */
export function SearchBox({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const hint = useHint();
  const { values, narrow } = useAddress();
  const box = useRef<InputRef>(null);
  useShortcut("search", () => box.current?.focus());
  const key = resource.search!;
  const known = values[key] ?? "";
  const hand = (typed: string) => narrow({ [key]: typed || undefined });
  const [text, setText, handOn] = useTyped(known, hand, (typed) => (isTooLong(typed) ? known : typed.trim()));
  return (
    <>
      <Input
        ref={box}
        type="search"
        allowClear={{ clearIcon: <Clear /> }}
        className="search"
        aria-label={t(`search.${resource.name}`)}
        title={hint(KEYS.search)}
        placeholder={t(`search.${resource.name}`)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={handOn}
      />
      <span className="fault" role="status">
        {isTooLong(text) && t("list.tooLong", { count: LONGEST })}
      </span>
    </>
  );
}
