// What ESLint checks: its recommended rules and a few habits, with the globals that each folder's code may use.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["build/", "node_modules/", "tests/reference/goldens/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  // Runs in Node.js and in browsers; `process` is only looked at behind a typeof.
  {
    files: ["web/lib/**"],
    languageOptions: { globals: { ...globals["shared-node-browser"], process: "readonly" } },
  },
  {
    files: ["web/app/**", "web/lib/datasets/mapping/workers/ports.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.worker } },
  },
  {
    files: ["web/cli/**", "tools/**", "tests/**", "*.js"],
    languageOptions: { globals: globals.node },
  },
  // Programs in the browser: modules, the page's script, and a worker that is a script.
  {
    files: ["tests/browser/programs/**", "tests/browser/page/program_worker.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.worker } },
  },
  {
    files: ["tests/bench/hosts/*_worker.js", "tests/browser/page/page.js"],
    languageOptions: { sourceType: "script", globals: { ...globals.browser, ...globals.worker } },
    rules: { "no-implicit-globals": "off" },
  },
  // Linked into Emscripten's output, whose variables it uses.
  {
    files: ["cmake/module_memory.js"],
    languageOptions: { globals: { Module: "readonly", wasmMemory: "readonly" } },
  },
];
