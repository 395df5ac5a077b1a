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

/** @param {Section} section @param {string} heading "###" or so; none: the title is a bold line */
function section_text({ title, text, head, rows }, heading) {
  const table = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  const parts = [heading ? `${heading} ${title}` : `**${title}**`];
  if (text?.trim()) parts.push(text.trim());
  if (rows.length > 0) parts.push(table.join("\n"));
  return parts.join("\n\n");
}

/**
 * @param {string} machine what was measured on
 * @param {Section[]} sections
 */
export const report_text = (machine, sections) =>
  `${["# Benchmark", machine, ...sections.map((section) => section_text(section, "##"))].join("\n\n")}\n`;

/**
 * The README with its speed section replaced.
 * @param {string} readme
 * @param {string} machine
 * @param {Section[]} sections
 * @returns {string}
 */
export function with_speed_section(readme, machine, sections) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`README.md has lost the lines "${BEGIN}" and "${END}"; put them back`);
  const shown = sections.filter((section) => section.readme);
  const text = [machine, ...shown.map((section) => section_text(section, ""))].join("\n\n");
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`;
}

/** The lines about what could not be measured. @param {Record<string, any>[]} figures */
export const missing_lines = (figures) =>
  [...new Set(figures.flatMap(({ missing }) => (missing ? [missing] : [])))]
    .map((reason) => `Not measured: ${reason}.`)
    .join(" ");
