// Sound files made unsound: bytes changed, cut, doubled or inserted, the same for a seed; and a reader that is given
// many of them.

/** @typedef {(limit: number) => number} Below a whole number from 0 on */

/** Numbers below `limit`, the same for a seed. @param {number} seed @returns {Below} */
function random_numbers(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** @type {((bytes: Buffer, at: number, below: Below, telling: readonly number[]) => Buffer)[]} */
const CHANGES = [
  (bytes, at, below, telling) => {
    bytes[at] = telling[below(telling.length)];
    return bytes;
  },
  (bytes, at, below) => {
    bytes[at] ^= 1 << below(8);
    return bytes;
  },
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, below) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(8))]),
  (bytes, at, below) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - below(64)))]),
  (bytes, at, below) => {
    bytes.copy(bytes, at, below(bytes.length), below(bytes.length));
    return bytes;
  },
];

/**
 * A sound file with one to four changes.
 * @param {Buffer} bytes
 * @param {Below} below
 * @param {readonly number[]} telling bytes that mean much in such a file
 * @returns {Buffer}
 */
function changed(bytes, below, telling) {
  let spoilt = Buffer.from(bytes);
  for (let i = 1 + below(4); i > 0 && spoilt.length > 0; i--) {
    // What stands first and what stands last, such as a pickle and a directory, more often than the numbers between.
    const near = Math.min(spoilt.length, 4096);
    const at = [below(spoilt.length), below(near), spoilt.length - 1 - below(near)][below(3)];
    spoilt = CHANGES[below(CHANGES.length)](spoilt, at, below, telling);
  }
  return spoilt;
}

/**
 * Gives a reader changed files until `is_done`.
 * @param {object} reader
 * @param {readonly Buffer[]} reader.files sound ones
 * @param {readonly number[]} reader.telling bytes that mean much in such a file
 * @param {(bytes: Buffer) => boolean | Promise<boolean>} reader.check whether a changed file is still sound; throws
 *   where the reader did what it must not
 * @param {number} seed
 * @param {(rounds: number) => boolean} is_done
 * @returns {Promise<{rounds: number, sound: number}>} how many of them were still sound
 */
export async function fuzz_reader({ files, telling, check }, seed, is_done) {
  const below = random_numbers(seed);
  let [rounds, sound] = [0, 0];
  for (; !is_done(rounds); rounds++) {
    const bytes = changed(files[below(files.length)], below, telling);
    try {
      if (await check(bytes)) sound++;
    } catch (error) {
      throw new Error(`seed ${seed}, round ${rounds}`, { cause: error });
    }
  }
  return { rounds, sound };
}

/**
 * A fuzzer's program: `FUZZ_SECONDS` of a new seed, which it prints.
 * @param {string} what the changed files are
 * @param {(seed: number, is_done: () => boolean) => Promise<{rounds: number, sound: number}>} fuzz
 */
export async function run_fuzzer(what, fuzz) {
  const end = performance.now() + 1000 * Number(process.env.FUZZ_SECONDS ?? 10);
  const seed = Math.floor(Math.random() * 2 ** 32);
  const { rounds, sound } = await fuzz(seed, () => performance.now() > end);
  console.log(`seed ${seed}: ${rounds} changed ${what}, ${sound} of them sound`);
}
