import { type Resource, register } from "../resources/registry";
import * as admin from "./admin";
import * as catalogue from "./catalogue";
import * as contracts from "./contracts";
import * as customers from "./customers";
import * as finance from "./finance";
import * as sales from "./sales";
import * as service from "./service";

/** Everything that the console has pages for. */
export const all: Resource[] = [customers, sales, catalogue, contracts, finance, service, admin].flatMap((area) =>
  Object.values(area),
);

register(all);
