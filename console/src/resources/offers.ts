import { useEffect, useRef } from "react";

/** Something that can be done on the page that is shown, for the palette. */
type Offer = { name: string; run: () => void };

const offered = new Map<object, Offer[]>();

/** Lets the palette offer what a component offers, as long as it is shown. */
export function useOffers(offers: Offer[]) {
  const whose = useRef({}).current;
  useEffect(() => {
    offered.set(whose, offers);
    return () => void offered.delete(whose);
  });
}

export const offersNow = () => [...offered.values()].flat();
