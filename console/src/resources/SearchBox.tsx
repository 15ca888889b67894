import { Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import type { Resource } from "./registry";
import { useShortcut } from "./shortcuts";

/** Searches while one types, a moment after the last key. */
const PAUSE_MS = 300;

export function SearchBox({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { values, set } = useAddress();
  const box = useRef<InputRef>(null);
  useShortcut("search", () => box.current?.focus());
  const key = resource.search!;
  const wanted = values[key] ?? "";
  const [text, setText] = useState(wanted);
  // A link, the back button or a removed chip changes the address from outside.
  useEffect(() => setText(wanted), [wanted]);
  useEffect(() => {
    if (text.trim() === wanted) return;
    const soon = setTimeout(() => set({ [key]: text.trim() || undefined, preview: undefined }), PAUSE_MS);
    return () => clearTimeout(soon);
  }, [text]);
  return (
    <Input
      ref={box}
      type="search"
      allowClear
      className="search"
      aria-label={t(`search.${resource.name}`)}
      placeholder={t(`search.${resource.name}`)}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
