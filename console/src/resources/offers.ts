import { type RefObject, useEffect, useRef } from "react";

/** Something that can be done on the page that is shown, for the palette. */
type Offer = { name: string; run: () => void };

const offered = new Set<RefObject<Offer[]>>();

/** Lets the palette offer what a component offers, as long as it is shown; what was shown first comes first. */
export function useOffers(offers: Offer[]) {
  const latest = useRef(offers);
  latest.current = offers;
  useEffect(() => {
    offered.add(latest);
    return () => void offered.delete(latest);
  }, []);
}

export const offersNow = () => [...offered].flatMap(({ current }) => current);
