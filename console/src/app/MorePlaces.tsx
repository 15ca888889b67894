import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Place, pathOf } from "../areas/places";

/** The places for which a phone has no tab. */
export default function MorePlaces({ places, onClose }: { places: Place[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer open onClose={onClose} placement="bottom" title={t("nav.more")} size="large">
      <ul className="plain">
        {places.map((place) => (
          <li key={place.name}>
            <Link to={pathOf(place)} onClick={onClose}>
              {t(`nav.${place.name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
