// Faults by request, for one who tries a page or a program by hand against a stand-in that runs already.
import { failure, json } from "./answer.js";
import { fault_of } from "./faults.js";

/** @typedef {import("./answer.js").Answer} Answer */

/** No repository is called so: the Hub's names have no leading dot. */
const PREFIX = "/.stand-in/";

/**
 * /.stand-in/fault?kind=cut&path=model.safetensors&times=1 adds a fault, /.stand-in/clear takes all away.
 * @param {import("./faults.js").Faults} faults
 * @param {import("./answer.js").Asked} asked
 * @returns {Answer | undefined} undefined for what is meant for the Hub
 */
export function control(faults, { url }) {
  if (!url.pathname.startsWith(PREFIX)) return undefined;
  const what = url.pathname.slice(PREFIX.length);
  if (what === "clear") faults.clear();
  else if (what === "fault")
    try {
      const { kind = "", ...words } = Object.fromEntries(url.searchParams);
      faults.add(fault_of(kind, Object.entries(words)));
    } catch (error) {
      return failure(400, /** @type {Error} */ (error).message);
    }
  else return failure(404, `there are ${PREFIX}fault and ${PREFIX}clear`);
  return json({ faults: faults.list() });
}
