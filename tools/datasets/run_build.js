// Runs a dataset's build as a program: what is wrong with its source is one message, without a stack.

/** @param {() => void} build */
export function runBuild(build) {
  try {
    build();
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
