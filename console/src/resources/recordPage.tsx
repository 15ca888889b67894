import { useParams } from "react-router";
import { type Besides, ResourceRecord } from "./ResourceRecord";
import type { Resource } from "./registry";

/** Returns the page of a noun's records, each by the id that its address ends with; another record is another page. */
export function recordPage(resource: Resource, besides: Besides = {}) {
  return function RecordOf() {
    const { id = "" } = useParams();
    return <ResourceRecord key={id} resource={resource} id={id} {...besides} />;
  };
}
