// The steps of signing in to the Hub, each in a load of the page of its own, as a user goes through them.
import {
  configure_hub,
  login,
  logout,
  oauth_handle_redirect,
  oauth_login_url,
  restore_login,
  snapshot_download,
  whoami,
} from "../../../web/lib/index.js";

/** @type {Record<string, (given: any) => Promise<any>>} */
const STEPS = {
  begin: () => oauth_login_url({ client_id: "tunelab" }),
  finish: ({ redirected_url }) => oauth_handle_redirect({ redirected_url }),
  paste: ({ token }) => login(token),
  restore: async () => ((await restore_login()) ? whoami() : undefined),
  leave: async () => {
    await restore_login();
    logout();
  },
  download: async ({ model }) => {
    await restore_login();
    return snapshot_download(model);
  },
};

/**
 * @param {{endpoint: string, step: string} & Record<string, string>} given
 * @returns {Promise<{result: any, kept_for_all_tabs: number, error?: string}>}
 */
export async function run({ endpoint, step, ...given }) {
  configure_hub({ endpoint, max_retries: 1, base_wait_time: 0.01 });
  const outcome = await STEPS[step](given).then(
    (result) => ({ result }),
    (error) => ({ result: null, error: error.message }),
  );
  return { ...outcome, kept_for_all_tabs: localStorage.length };
}
