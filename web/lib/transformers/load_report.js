// The warnings of from_pretrained: which weights of a file were not used, and which are new.
import { logger } from "../core/logging.js";

/** @param {readonly string[]} names */
const listed = (names) =>
  `[${[...names]
    .sort()
    .map((name) => `'${name}'`)
    .join(", ")}]`;

/**
 * @param {import("./load_weights.js").MatchReport} report
 * @param {string} class_name such as BertForSequenceClassification
 * @param {string} checkpoint
 */
export function warn_about_weights({ missing, unexpected, mismatched }, class_name, checkpoint) {
  if (unexpected.length > 0)
    logger.warning(
      `Some weights of the model checkpoint at ${checkpoint} were not used when initializing ${class_name}: ` +
        `${listed(unexpected)}\n` +
        `- This is expected if you are initializing ${class_name} from a checkpoint trained on another task.`,
    );
  if (missing.length > 0)
    logger.warning(
      `Some weights of ${class_name} were not initialized from the model checkpoint at ${checkpoint} and are newly ` +
        `initialized: ${listed(missing)}`,
    );
  if (mismatched.length > 0)
    logger.warning(
      `Some weights of ${class_name} were not initialized from the model checkpoint at ${checkpoint} and are newly ` +
        "initialized because the shapes did not match:\n" +
        mismatched
          .map(
            ({ name, file, model }) =>
              `- ${name}: found shape [${file}] in the checkpoint and [${model}] in the model`,
          )
          .join("\n"),
    );
  if (missing.length > 0 || mismatched.length > 0)
    logger.warning(
      "You should probably TRAIN this model on a down-stream task to be able to use it for predictions and inference.",
    );
}
