import { useRef } from "react";
import { Changes } from "./Changes";
import type { Grants } from "./catalogue";
import { Matrix } from "./Matrix";

type Props = { value?: Grants; onChange?: (value: Grants) => void; forProgram?: boolean };

/** The matrix as a question of a form, with what differs from the answer that it began with. */
export default function MatrixInput({ value = {}, onChange, forProgram }: Props) {
  const began = useRef(value).current;
  return (
    <>
      <Matrix value={value} onChange={onChange ?? (() => undefined)} forProgram={forProgram} />
      <Changes before={began} after={value} />
    </>
  );
}
