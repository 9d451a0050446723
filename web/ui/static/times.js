// Times as travellers read them. A flight's times stay the wall time of the airport,
// taken from the string as it is; instants (when a price was asked for) are shown on
// the reader's own clock.
import { locale } from "./money.js";

export const clock = (local) => local.slice(11, 16);
export const dayOf = (local) => local.slice(0, 10);

const utc = (day) => {
  const [y, m, d] = day.split("-").map(Number);
  return Date.UTC(y, m - 1, d);
};

// daysBetween counts calendar days from a to b: the "+1" beside an arrival.
export const daysBetween = (a, b) => Math.round((utc(b) - utc(a)) / 86_400_000);

// addDays is the day so many days later.
export const addDays = (day, n) => new Date(utc(day) + n * 86_400_000).toISOString().slice(0, 10);

// today is the reader's day.
export function today() {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

const dayFormat = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

// dayWords is "Fri 22 Jan".
export const dayWords = (day) => dayFormat.format(new Date(utc(day))).replace(",", "");

// duration is "7 h 40".
export function duration(minutes) {
  const h = Math.floor(minutes / 60), m = minutes % 60;
  return h === 0 ? `${m} min` : m === 0 ? `${h} h` : `${h} h ${String(m).padStart(2, "0")}`;
}

const timeFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dateTimeFormat = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// instant is "12:03" on the reader's clock, with the day unless it is today.
export function instant(iso) {
  const at = new Date(iso);
  return (at.toDateString() === new Date().toDateString() ? timeFormat : dateTimeFormat).format(at);
}

export const seconds = (ms) => (ms < 950 ? `${Math.max(1, Math.round(ms / 100)) / 10} s` : `${Math.round(ms / 100) / 10} s`);

// count is "1 night", "3 nights".
export const count = (n, one, many = one + "s") => `${n} ${n === 1 ? one : many}`;
