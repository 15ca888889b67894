import { useParams } from "react-router";
import { Trace } from "../../resources/process/Trace";
import { OperationsNav } from "./OperationsNav";

/** A process by its id, as a picture of what each service did in it. */
export function Component() {
  const { id = "" } = useParams();
  return (
    <>
      <OperationsNav page="process" />
      <Trace id={id} />
    </>
  );
}
