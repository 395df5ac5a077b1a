// From the figures to Markdown: tables, the whole report, and the part of it that the README shows.

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {string} [text] what the figures mean
 * @property {string[]} head
 * @property {(string | number)[][]} rows
 * @property {boolean} [readme] whether the README shows it
 */

const BEGIN = "<!-- speed: written by `npm run bench -- --readme` -->";
const END = "<!-- end of speed -->";

/** @param {string[]} head @param {(string | number)[][]} rows */
export const table_text = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** @param {Section} section @param {string} heading "###" or so; none: the title is a bold line */
function section_text({ title, text, head, rows }, heading) {
  const parts = [heading ? `${heading} ${title}` : `**${title}**`];
  if (text?.trim()) parts.push(text.trim());
  if (rows.length > 0) parts.push(table_text(head, rows));
  return parts.join("\n\n");
}

/**
 * @param {string} machine what was measured on
 * @param {Section[]} sections
 */
export const report_text = (machine, sections) =>
  `${["# Benchmark", machine, ...sections.map((section) => section_text(section, "##"))].join("\n\n")}\n`;

/** A suite's part of the README's speed section. @param {string} name */
const marks = (name) => ({ begin: `<!-- suite ${name} -->`, end: `<!-- end of ${name} -->` });

/**
 * What stands between two lines of a text, and around them; undefined without them.
 * @param {string} text @param {string} begin @param {string} end
 */
function between(text, begin, end) {
  const [at, to] = [text.indexOf(begin), text.indexOf(end)];
  if (at < 0 || to < at) return undefined;
  return {
    before: text.slice(0, at + begin.length),
    inside: text.slice(at + begin.length, to).trim(),
    after: text.slice(to),
  };
}

/**
 * The README with the measured suites' tables replaced; those of other suites stay, in the suites' order.
 * @param {string} readme
 * @param {string} machine what was measured on
 * @param {{name: string, sections?: Section[]}[]} suites all there are; no sections: not measured
 * @returns {string}
 * @throws {Error} if tables of another machine would stay beside the new ones
 */
export function with_speed_section(readme, machine, suites) {
  const speed = between(readme, BEGIN, END);
  if (!speed)
    throw new Error(`README.md has lost the lines "${BEGIN}" and "${END}"; put them back`);
  const left = suites.filter(({ sections }) => !sections).map(({ name }) => name);
  if (left.length > 0 && !speed.inside.startsWith(`${machine}\n`))
    throw new Error(
      `README.md's tables are of another machine, and the last run left out ${left.join(", ")}; measure all: \`npm run bench\``,
    );
  const parts = suites.flatMap(({ name, sections }) => {
    const { begin, end } = marks(name);
    const shown = sections
      ?.filter((section) => section.readme)
      .map((section) => section_text(section, ""))
      .join("\n\n");
    const text = shown ?? between(speed.inside, begin, end)?.inside;
    return text ? [`${begin}\n\n${text}\n\n${end}`] : [];
  });
  return `${speed.before}\n\n${[machine, ...parts].join("\n\n")}\n\n${speed.after}`;
}

/** The lines about what could not be measured. @param {Record<string, any>[]} figures */
export const missing_lines = (figures) =>
  [...new Set(figures.flatMap(({ missing }) => (missing ? [missing] : [])))]
    .map((reason) => `Not measured: ${reason}.`)
    .join(" ");
