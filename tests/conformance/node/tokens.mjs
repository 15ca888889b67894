// Verifies access tokens with `jose` and the published keys, and refuses what was changed.
//   tokens.mjs < {"issuer": …, "jwks_uri": …, "token": …}
import { readFileSync } from "node:fs";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const given = JSON.parse(readFileSync(0, "utf8"));
const keys = createRemoteJWKSet(new URL(given.jwks_uri));
const expected = { issuer: given.issuer, typ: "at+jwt", algorithms: ["ES256"], requiredClaims: ["client_id", "sub"] };
const { payload } = await jwtVerify(given.token, keys, expected);

async function refusal(token, how) {
  try {
    await jwtVerify(token, keys, { ...expected, ...how });
  } catch (error) {
    if (error instanceof errors.JOSEError) return error.code;
    throw error;
  }
  throw new Error("a forged token was taken");
}

const [header, claims, signature] = given.token.split(".");
const widened = Buffer.from(JSON.stringify({ ...payload, sub: "somebody else" })).toString("base64url");
const refused = {
  claims: await refusal(`${header}.${widened}.${signature}`),
  issuer: await refusal(given.token, { issuer: "https://somebody.else.example" }),
  unsigned: await refusal(`${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`),
};
console.log(JSON.stringify({ payload, refused }));
