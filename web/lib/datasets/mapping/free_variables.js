// What a function's source text uses from around it: names it does not declare, how it uses them,
// and what makes its result differ from run to run.

/** @typedef {any} Node a node of an ESTree syntax tree */

/**
 * How a function uses a name from around it, at every place: "called" as a function or for a
 * member; only as an "option" in the options of such a call; or "other" wise.
 * @typedef {"called" | "option" | "other"} Use
 */

/**
 * @typedef {object} Surroundings
 * @property {Map<string, Use>} free names from around, but for globals that never change
 * @property {string} expression the function's text as an expression that can be evaluated
 * @property {string[]} changing what may differ from run to run: Math.random, new Date()
 */

/** Globals whose results follow from their arguments alone, or which have none. */
const STEADY_GLOBALS = new Set(
  (
    "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error Float32Array Float64Array " +
    "Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise RangeError RegExp " +
    "Set String Symbol SyntaxError TextDecoder TextEncoder TypeError URL URLSearchParams Uint16Array Uint32Array " +
    "Uint8Array Uint8ClampedArray WeakMap WeakSet atob btoa console decodeURI decodeURIComponent encodeURI " +
    "encodeURIComponent escape isFinite isNaN parseFloat parseInt queueMicrotask setTimeout structuredClone undefined unescape"
  ).split(" "),
);

/** The parser, loaded when a function is first looked into. */
async function tools() {
  const [{ parse }, { analyze }] = await Promise.all([import("acorn"), import("periscopic")]);
  return { parse, analyze };
}

/**
 * A function's text as an expression; a method's is one only inside an object.
 * @param {string} source
 * @param {(text: string) => Node} parse
 * @returns {{expression: string, node: Node} | undefined} undefined for bound and built-in functions,
 *   whose text is no JavaScript
 */
function as_expression(source, parse) {
  for (const expression of [`(${source})`, `(Object.values({${source}})[0])`]) {
    try {
      return { expression, node: parse(expression).body[0].expression };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/**
 * Visits every node, with those it lies in.
 * @param {Node} node
 * @param {Node[]} around from the outermost on
 * @param {(node: Node, around: Node[]) => void} visit
 */
function walk(node, around, visit) {
  visit(node, around);
  const within = [...around, node];
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === "string") walk(child, within, visit);
}

/** Is `call` a call of a name or of its member? Then the name. @param {Node} call */
function called_name(call) {
  if (call?.type !== "CallExpression") return undefined;
  const { callee } = call;
  const target = callee.type === "MemberExpression" ? callee.object : callee;
  return target.type === "Identifier" ? target.name : undefined;
}

/** @param {Node} node an identifier @param {Node[]} around @returns {Use | undefined} undefined: it names a member or key, no variable */
function use_of(node, around) {
  const [parent, object, call] = around.slice(-3).reverse();
  if (parent.type === "MemberExpression" && parent.property === node && !parent.computed)
    return undefined;
  if (parent.key === node && !parent.computed && parent.value !== node) return undefined;
  if (parent.type === "MemberExpression" && parent.object === node) return "called";
  if (parent.type === "CallExpression" && parent.callee === node) return "called";
  const in_object =
    (parent.type === "Property" && parent.value === node) || parent.type === "SpreadElement";
  const is_options = object?.type === "ObjectExpression" && call?.arguments?.at(-1) === object;
  return in_object && is_options && called_name(call) !== undefined ? "option" : "other";
}

/** @param {Node} node @param {Node[]} around @returns {string | undefined} what differs from run to run */
function changing(node, around) {
  const member =
    node.type === "MemberExpression" &&
    node.object.type === "Identifier" &&
    `${node.object.name}.${node.property.name ?? node.property.value}`;
  if (member === "Math.random" || member === "Date.now") return member;
  if (node.type === "NewExpression" && node.callee.name === "Date" && node.arguments.length === 0)
    return "new Date()";
  if (node.type === "CallExpression" && node.callee.name === "Date") return "Date()";
  if (node.type === "ImportExpression") return "import()";
  if (node.type === "MetaProperty" && node.meta.name === "import") return "import.meta";
  if (node.type === "Super") return "super";
  const own_this = around.some(
    ({ type }) => /^Function/.test(type) || type === "ClassBody" || type === "MethodDefinition",
  );
  return node.type === "ThisExpression" && !own_this ? "this" : undefined;
}

/**
 * @param {string} source a function's text
 * @returns {Promise<Surroundings | undefined>} undefined for functions without a text of their own,
 *   such as bound ones
 */
export async function surroundings_of(source) {
  const { parse, analyze } = await tools();
  const found = as_expression(source, (code) =>
    parse(code, { ecmaVersion: "latest", sourceType: "module" }),
  );
  if (!found) return undefined;
  const { expression, node } = found;
  const outer = new Set(analyze(node).globals.keys());
  if (node.type === "FunctionExpression") outer.delete("arguments");
  /** @type {Map<string, Use>} */
  const free = new Map();
  /** @type {Set<string>} */
  const unsteady = new Set();
  walk(node, [], (child, around) => {
    const differs = changing(child, around);
    if (differs) unsteady.add(differs);
    if (child.type !== "Identifier" || !outer.has(child.name)) return;
    const use = STEADY_GLOBALS.has(child.name) ? undefined : use_of(child, around);
    if (!use) return;
    const before = free.get(child.name) ?? use;
    free.set(child.name, before === use ? use : "other");
  });
  return { free, changing: [...unsteady], expression };
}
