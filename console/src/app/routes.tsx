import { createBrowserRouter, useParams } from "react-router";
import { pathNames } from "../api/call";
import { special } from "../areas/routes";
import { withTexts } from "../i18n";
import { ResourceList } from "../resources/ResourceList";
import { resourceOf } from "../resources/registry";
import { Waiting } from "../resources/Waiting";
import { NotFound, RouteError, within } from "./pages";
import { Shell } from "./Shell";

/**
 * `/customers` is the list of a resource by its name; where another noun has it, its state must not leak (key). A list
 * below a record, such as its addresses, is a tab of that record and has no page.
 */
function ListPage() {
  const resource = resourceOf(useParams().resource ?? "");
  return resource && pathNames(resource.list).length === 0 ? (
    <ResourceList key={resource.name} resource={resource} />
  ) : (
    <NotFound />
  );
}

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <RouteError />,
    // A page that is fetched before anything is shown: the workspace shows that it waits.
    hydrateFallbackElement: <Waiting />,
    children: [
      within([
        { index: true, lazy: withTexts("workbench", () => import("../areas/workbench/Workbench")) },
        ...special,
        { path: ":resource", element: <ListPage /> },
        { path: ":resource/:id", lazy: withTexts("records", () => import("./RecordPage")) },
        { path: "*", element: <NotFound /> },
      ]),
    ],
  },
]);
