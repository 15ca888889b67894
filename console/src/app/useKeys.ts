import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { type Place, pathOf } from "../areas/places";
import { keyListener, useKeysAreOn, useShortcut } from "../resources/shortcuts";
import { useOpenPlaces } from "./Navigation";

/** Listens for single keys on every page. */
export function useKeys() {
  const navigate = useNavigate();
  const open = useRef<Place[]>([]);
  open.current = useOpenPlaces().flatMap((place) => place.below ?? [place]);
  const areOn = useKeysAreOn();
  useShortcut("help", () => navigate("/help#keys"));
  useEffect(() => {
    if (!areOn) return;
    const listen = keyListener((letter) => {
      const place = open.current.find((each) => each.letter === letter);
      if (place) navigate(pathOf(place));
      return place !== undefined;
    });
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [navigate, areOn]);
}
