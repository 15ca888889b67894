import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Place } from "../areas/places";
import { PlaceLink } from "./PlaceLink";

type Props = { places: Place[]; away: (name: string) => boolean; onClose: () => void };

/** The places for which a phone has no tab. */
export default function MorePlaces({ places, away, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer open onClose={onClose} placement="bottom" title={t("nav.more")} size="large">
      <ul className="plain">
        {places.map((place) => (
          <li key={place.name}>
            <PlaceLink place={place} away={away(place.name)} onClick={onClose} />
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
