// Money as the API writes it: a decimal string and a currency. It is formatted from
// the string and compared in whole minor units; no price is ever a float.

// locale is the reader's kind of English: the page's words are English, so a comma
// or a point in a number should be what they expect with it.
export const locale = navigator.languages?.find((l) => /^en(-|$)/.test(l)) ?? "en-GB";

const formats = new Map();

// format writes £412.30. Intl takes the digits from the string as they are.
export function format({ amount, currency }) {
  const digits = (amount.split(".")[1] ?? "").length;
  const key = currency + digits;
  if (!formats.has(key)) {
    let f = null;
    try {
      f = new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
    } catch {
      // not a currency that this browser knows: amount and code will do
    }
    formats.set(key, f);
  }
  return formats.get(key)?.format(amount) ?? `${amount} ${currency}`;
}

// minor is the amount in its last digit's unit, exact.
const minor = (amount) => BigInt(amount.replace(".", ""));

// isZero tells whether nothing is to be paid; null is unknown and not zero.
export const isZero = (money) => money !== null && minor(money.amount) === 0n;

// compare is -1, 0 or 1, and null where the currencies differ.
export function compare(a, b) {
  if (a.currency !== b.currency) return null;
  const x = minor(a.amount), y = minor(b.amount);
  return x < y ? -1 : x > y ? 1 : 0;
}
