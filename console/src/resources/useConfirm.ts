import { App } from "antd";
import { useEffect, useRef } from "react";

type Question = { title: string; okText?: string; danger?: boolean; onOk: () => unknown };

/**
 * Returns what asks whether one is sure. The question belongs to whoever asks it: with their page it goes, unanswered,
 * so that nobody answers it above another page.
 */
export function useConfirm() {
  const { modal } = App.useApp();
  const open = useRef<{ destroy: () => void }>(undefined);
  useEffect(() => () => open.current?.destroy(), []);
  return ({ danger, onOk, ...question }: Question) => {
    open.current = modal.confirm({ ...question, okButtonProps: { danger }, onOk: () => onOk() });
  };
}
