import { Typography } from "antd";
import { useParams } from "react-router";
import { allSchemas } from "../../api/bodies";
import { Trace } from "../../resources/process/Trace";
import { useWords } from "../../resources/words";
import { OperationsNav } from "./OperationsNav";

/** A process by its id, as a picture of what each service did in it. */
export function Component() {
  const { id = "" } = useParams();
  const words = useWords();
  return (
    <>
      <OperationsNav page="process" />
      <p>
        {words.label("correlation_id", allSchemas.ProcessTrace!.correlation_id)}{" "}
        <Typography.Text copyable code>
          {id}
        </Typography.Text>
      </p>
      <Trace key={id} id={id} />
    </>
  );
}
