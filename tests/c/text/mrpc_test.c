/* Every sentence and pair of MRPC through MiniLM's tokenizer, where the machine has them
 * (tests/reference/mrpc_tokens.py). */
#include "golden_rows.h"

TEST(every_mrpc_sentence_has_the_ids_of_the_library) {
  const char *minilm = getenv("TUNELAB_MINILM_DIR"), *goldens = getenv("TUNELAB_MRPC_GOLDENS");
  if (minilm == NULL || goldens == NULL) {
    test_skip(
        "set TUNELAB_MINILM_DIR and TUNELAB_MRPC_GOLDENS; tests/reference/mrpc_tokens.py writes the latter");
    return;
  }
  tokenizer_fixture fixture;
  if (fixture_open_file(&fixture, minilm, "tokenizer.json", 1)) {
    golden_records records = records_open(goldens, "mrpc_tokens.bin");
    golden_texts texts = {0};
    check_singles(&fixture, &records, &texts);
    if (texts.items != NULL)
      check_rows(&fixture, &records, &texts);
    CHECK_EQ_INT(records.at, records.size);
    printf("  %u sentences\n", (unsigned)texts.count);
    free(texts.items);
    records_close(&records);
  }
  fixture_close(&fixture);
}
