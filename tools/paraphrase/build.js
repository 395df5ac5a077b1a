// Writes assets/hub/datasets/tunelab/paraphrase/ (Parquet files and the dataset card) from pairs/: node tools/paraphrase/build.js
import { runBuild } from "../datasets/run_build.js";
import { writeDataset } from "../datasets/write_dataset.js";
import { readSentences } from "../emotion/sentences.js";
import { accuracyOf, bestRule } from "./baselines.js";
import { datasetCard } from "./card.js";
import { checkPairs } from "./checks.js";
import { features, readPairs, splitPairs } from "./pairs.js";

runBuild(() => {
  const pairs = readPairs();
  const emotions = readSentences().map(({ text }) => text);
  checkPairs(pairs, emotions);
  writeDataset("paraphrase", features, splitPairs(pairs), datasetCard);
  const accuracy = accuracyOf(pairs, bestRule(pairs));
  console.log(`best threshold on shared words, over all pairs: accuracy ${accuracy.toFixed(3)}`);
});
