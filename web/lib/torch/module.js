// A model's parts under their Python names: model.bert.encoder.layer[0].attention, each a view of its
// parameters.

/** @typedef {import("./parameter.js").Parameter} Parameter */
/** @typedef {[name: string, parameter: Parameter]} Named the name within the part */

/**
 * The names behind the first dot, by what stands before it.
 * @param {readonly Named[]} parameters
 */
function by_child(parameters) {
  /** @type {Map<string, Named[]>} */
  const children = new Map();
  for (const [name, parameter] of parameters) {
    const dot = name.indexOf(".");
    if (dot < 0) continue;
    const child = name.slice(0, dot);
    if (!children.has(child)) children.set(child, []);
    children.get(child)?.push([name.slice(dot + 1), parameter]);
  }
  return children;
}

/**
 * torch.nn.Module, as far as its parameters go: its children and its own parameters are properties. Numbered
 * children (torch.nn.ModuleList) are iterated and sliced like a list.
 * @typedef {ModuleView & Record<string, any>} Module
 */
export class ModuleView {
  /** @param {readonly Named[]} parameters by their names within this part */
  constructor(parameters) {
    this._named = parameters;
    /** @type {Map<string, Module>} */
    this._children = new Map();
    for (const [name, within] of by_child(parameters))
      this._children.set(name, /** @type {Module} */ (new ModuleView(within)));
    const own = parameters.filter(([name]) => !name.includes("."));
    Object.assign(this, Object.fromEntries([...this._children, ...own]));
  }

  /** @returns {Parameter[]} */
  parameters() {
    return this._named.map(([, parameter]) => parameter);
  }

  /** @returns {Named[]} */
  named_parameters() {
    return [...this._named];
  }

  /** @returns {[name: string, module: Module][]} */
  named_children() {
    return [...this._children];
  }

  /** Freezes the part with false, unfreezes it with true. @param {boolean} [requires_grad] @returns {this} */
  requires_grad_(requires_grad = true) {
    for (const parameter of this.parameters()) parameter.requires_grad = requires_grad;
    return this;
  }

  /** How many children there are, as of a ModuleList. */
  get length() {
    return this._children.size;
  }

  /** @param {number} [start] @param {number} [end] @returns {Module[]} the children in that range */
  slice(start, end) {
    return [...this._children.values()].slice(start, end);
  }

  [Symbol.iterator]() {
    return this._children.values();
  }
}
