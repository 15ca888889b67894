import { useParams } from "react-router";
import { ResourceRecord } from "../resources/ResourceRecord";
import { resourceOf } from "../resources/registry";
import { NotFound } from "./pages";

export function Component() {
  const { resource: name = "", id = "" } = useParams();
  const resource = resourceOf(name);
  return resource?.get ? <ResourceRecord key={id} resource={resource} id={id} /> : <NotFound />;
}
