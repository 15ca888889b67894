import { Navigate } from "react-router";
import { useOpenPlaces } from "./Navigation";
import { NotFound } from "./pages";

/** The first page is the first place that one may see. */
export function Home() {
  const first = useOpenPlaces()
    .flatMap((place) => place.below ?? [place])
    .find((place) => place.name === "customers");
  const any = useOpenPlaces().flatMap((place) => place.below ?? [place])[0];
  const place = first ?? any;
  return place ? <Navigate to={`/${place.name}`} replace /> : <NotFound />;
}
