import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

type Read<Wish, Far> = (wish: Wish, tell: (far: Far) => void, signal: AbortSignal) => Promise<void>;

/** Reads what a service answers bit by bit, as long as the page is shown and nobody stops it; `far` is how far it has got. */
export function useReading<Wish, Far>(read: Read<Wish, Far>) {
  const [far, setFar] = useState<Far>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const run = useMutation({
    mutationFn: (wish: Wish) => {
      const stopping = new AbortController();
      running.current = stopping;
      setFar(undefined);
      return read(wish, setFar, stopping.signal);
    },
  });
  return { run, far, stop: () => running.current?.abort() };
}
