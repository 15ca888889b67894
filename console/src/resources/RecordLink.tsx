import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Row } from "../api/call";
import { type Resource, recordPath } from "./registry";

/** The way to the page of a record. What has none, such as an entry of the sign-in log, is named and leads nowhere. */
export function RecordLink({ resource, row, children }: { resource: Resource; row: Row; children: ReactNode }) {
  if (!resource.get) return children;
  return (
    <Link to={recordPath(resource, row.id)} onClick={(event) => event.stopPropagation()}>
      {children}
    </Link>
  );
}
