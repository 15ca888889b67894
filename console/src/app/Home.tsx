import { Navigate } from "react-router";
import { useOpenPlaces } from "./Navigation";
import { NotFound } from "./pages";

const USUAL = "customers";

/** The first page: the customers, or the first place for whoever may not see them. */
export function Home() {
  const open = useOpenPlaces().flatMap((place) => place.below ?? [place]);
  const place = open.find(({ name }) => name === USUAL) ?? open[0];
  return place ? <Navigate to={`/${place.name}`} replace /> : <NotFound />;
}
