import { useTranslation } from "react-i18next";
import { NavLink, type NavLinkProps } from "react-router";
import { type Place, pathOf } from "../areas/places";
import { Away } from "../resources/Away";

type Props = Omit<NavLinkProps, "to" | "className" | "children"> & {
  place: Place;
  /** Whether its service does not answer now: it is grey, and says so. */
  away: boolean;
  withIcon?: boolean;
};

/** The way to a place of the navigation. */
export function PlaceLink({ place, away, withIcon, ...link }: Props) {
  const { t } = useTranslation();
  return (
    <NavLink to={pathOf(place)} className={away ? "away" : undefined} {...link}>
      {withIcon && place.icon && <place.icon />}
      {t(`nav.${place.name}`)}
      {away && <Away />}
    </NavLink>
  );
}
