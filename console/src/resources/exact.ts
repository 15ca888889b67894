/** Amounts have up to four digits behind the point, as in the API. */
const DIGITS = 4;
const PLAIN = /^\d+(\.\d{1,4})?$/;

function units(amount: string) {
  const [whole = "0", part = ""] = amount.replace("-", "").split(".");
  const count = BigInt(whole + part.padEnd(DIGITS, "0"));
  return amount.startsWith("-") ? -count : count;
}

function written(count: bigint, digits: number) {
  const text = String(count < 0n ? -count : count).padStart(DIGITS + 1, "0");
  const part = text.slice(-DIGITS).slice(0, digits);
  return `${count < 0n ? "-" : ""}${text.slice(0, -DIGITS)}${part && `.${part}`}`;
}

const digitsOf = (amount: string) => amount.split(".")[1]?.length ?? 0;

/** What amounts come to, with as many digits as the finest of them. */
export function summed(amounts: string[]) {
  const whole = amounts.reduce((sum, amount) => sum + units(amount), 0n);
  return written(whole, Math.max(0, ...amounts.map(digitsOf)));
}

/**
 * What a payment does to what is open: how much of it is settled, what stays open, and what is left over. What no payment
 * can be does nothing: nothing at all, less than that, or a part of the smallest unit of its currency.
 */
export function settled(open: string, paid: string) {
  if (!PLAIN.test(open) || !PLAIN.test(paid) || digitsOf(paid) > digitsOf(open)) return undefined;
  const [owed, given] = [units(open), units(paid)];
  if (given <= 0n) return undefined;
  const isOver = given > owed;
  const taken = isOver ? owed : given;
  const digits = digitsOf(open);
  return {
    settles: written(taken, digits),
    stays: written(owed - taken, digits),
    over: isOver ? written(given - owed, Math.max(digits, digitsOf(paid))) : undefined,
  };
}
