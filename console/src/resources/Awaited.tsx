import { type ReactNode, Suspense, useEffect, useLayoutEffect, useRef } from "react";
import { gather } from "./gather";

type Gathering = ReturnType<typeof gather>;

/** Stands in for what is being fetched. */
function Meanwhile({ begin }: { begin: () => Gathering }) {
  useLayoutEffect(() => begin().arrived, []);
  return null;
}

/**
 * What is written into, and may have to be fetched first: from the press that opens it on, letters belong to it. `shows`
 * is what is seen of it meanwhile.
 */
export function Awaited({ onClose, shows, children }: { onClose: () => void; shows?: ReactNode; children: ReactNode }) {
  const gathering = useRef<Gathering>(undefined);
  const begin = () => {
    gathering.current = gather(onClose);
    return gathering.current;
  };
  useEffect(() => () => gathering.current?.end(), []);
  const meanwhile = (
    <>
      {shows}
      <Meanwhile begin={begin} />
    </>
  );
  return <Suspense fallback={meanwhile}>{children}</Suspense>;
}
