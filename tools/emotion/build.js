// Writes assets/hub/datasets/tunelab/emotion/ (Parquet files and the dataset card) from sentences/: node tools/emotion/build.js
import { nearDuplicates, refuseDuplicates } from "../datasets/near_duplicates.js";
import { runBuild } from "../datasets/run_build.js";
import { writeDataset } from "../datasets/write_dataset.js";
import { datasetCard } from "./card.js";
import { features, readSentences, splitRows } from "./sentences.js";

runBuild(() => {
  const rows = readSentences();
  refuseDuplicates(nearDuplicates(rows.map(({ text }) => text)));
  writeDataset("emotion", features, splitRows(rows), datasetCard);
});
