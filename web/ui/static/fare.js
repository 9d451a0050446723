// The conditions of a fare in words. What a partner does not state is never taken for no.
import { el, icon } from "./dom.js";
import { format, isZero } from "./money.js";
import { count } from "./times.js";

export function bagTag({ cabin_bags, checked_bags }) {
  const cabin = cabin_bags === null ? "cabin bag not stated" : cabin_bags === 0 ? "no cabin bag" : count(cabin_bags, "cabin bag");
  const checked = checked_bags === null ? "checked bag not stated" : checked_bags === 0 ? "no checked bag" : count(checked_bags, "checked bag");
  return el("span", { class: `tag ${checked_bags ? "good" : ""}` }, icon("bag"), `${cabin}, ${checked}`);
}

export const changeWords = (fare) => (fare.changeable === null ? "changes: not stated" : !fare.changeable ? "no changes"
  : fare.change_fee === null ? "changeable, fee not stated" : isZero(fare.change_fee) ? "free changes" : `changes for ${format(fare.change_fee)}`);

export const refundWords = (fare) => (fare.refundable === null ? "refund: not stated" : !fare.refundable ? "no refund"
  : fare.refund_fee === null ? "refundable, fee not stated" : isZero(fare.refund_fee) ? "full refund" : `refund for ${format(fare.refund_fee)}`);

const seatChoices = { included: "seat choice included", at_a_price: "seat choice costs extra", not_included: "seat choice not included", not_offered: "no seat choice" };
export const seatWords = (fare) => seatChoices[fare.seat_selection] ?? "seat choice: not stated";
