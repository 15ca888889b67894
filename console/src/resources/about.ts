import { createContext } from "react";

/** The noun that a page is about: of records that are of one noun, such as pools, those of it are offered. */
export const AboutNoun = createContext<string | undefined>(undefined);
