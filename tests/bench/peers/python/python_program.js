// A Python program that stays while it is asked: a JSON line in, a JSON line out.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../../../tools/command.js";

const FOLDER = join(root, "tests/bench/peers/python");

export class PythonProgram {
  /**
   * @param {string} python the interpreter
   * @param {string} program a file beside this one
   */
  constructor(python, program) {
    this._name = program;
    this._complaints = "";
    this._child = spawn(python, [join(FOLDER, program)], {
      cwd: FOLDER,
      env: { ...process.env, TOKENIZERS_PARALLELISM: "false" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this._child.stderr.setEncoding("utf8").on("data", (text) => (this._complaints += text));
    this._answers = createInterface({ input: this._child.stdout });
    this._ended = once(this._child, "close");
  }

  /**
   * @param {object} request
   * @returns {Promise<any>} the program's answer
   */
  async ask(request) {
    const answer = once(this._answers, "line").then(([line]) => JSON.parse(line));
    const ended = this._ended.then(() => {
      const reason = this._complaints.trim().split("\n").at(-1);
      throw new Error(`${this._name} ended without an answer: ${reason}`);
    });
    this._child.stdin.write(`${JSON.stringify(request)}\n`);
    return Promise.race([answer, ended]);
  }

  /** Ends the program. */
  async close() {
    this._child.stdin.end();
    await this._ended;
  }
}
