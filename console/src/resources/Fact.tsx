import type { ReactNode } from "react";
import type { Fields } from "../api/meta";
import { useWords } from "./words";

/** A field of a record by its name, and what it says. */
export function Fact({ name, fields, children }: { name: string; fields: Fields; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{useWords().label(name, fields[name])}</dt>
      <dd>{children}</dd>
    </div>
  );
}
