/** What was filled in: an empty input says nothing, and the server then takes what it takes by itself. */
export function filledIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filledIn);
  if (value === null || typeof value !== "object") return typeof value === "string" ? value.trim() : value;
  const told = Object.entries(value).map(([key, each]) => [key, filledIn(each)] as const);
  return Object.fromEntries(told.filter(([, each]) => each != null && each !== "" && !isEmptyList(each)));
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
