/* Batches: collated from columns or packed from padded arrays, and shown padded as the course shows them. */
#include <string.h>

#include "data/batch_internal.h"
#include "harness.h"

typedef struct fixture {
  tl_context *context;
  tl_ragged *ids;
  tl_ragged *types;
  tl_batch *batch;
} fixture;

/* Rows [2 7 3], [2 3], [] and [2 8 9 9 3]; the types are 1 for the last token of each. */
static bool open_fixture(fixture *f) {
  static const int32_t ids[10] = {2, 7, 3, 2, 3, 2, 8, 9, 9, 3};
  static const int32_t types[10] = {0, 0, 1, 0, 1, 0, 0, 0, 0, 1};
  static const int32_t offsets[5] = {0, 3, 5, 5, 10};
  *f = (fixture){.context = tl_context_create(1)};
  return tl_ragged_create(f->context, &f->ids) == TL_OK && tl_ragged_create(f->context, &f->types) == TL_OK &&
         tl_batch_create(f->context, &f->batch) == TL_OK &&
         tl_ragged_append(f->ids, ids, offsets, 4) == TL_OK &&
         tl_ragged_append(f->types, types, offsets, 4) == TL_OK;
}

static void close_fixture(fixture *f) {
  tl_batch_free(f->batch);
  tl_ragged_free(f->types);
  tl_ragged_free(f->ids);
  CHECK_NEAR(tl_context_bytes(f->context), 0.0, 0.0);
  tl_context_free(f->context);
}

static void check_field(const tl_batch *batch, tl_field field, int32_t width, int32_t pad,
                        const int32_t *expected) {
  int32_t out[64];
  REQUIRE(tl_batch_pad(batch, field, width, pad, out) == TL_OK);
  CHECK_EQ_BYTES(out, expected, (size_t)(tl_batch_sequences(batch) * width) * sizeof *out);
}

TEST(collated_rows_are_padded_to_the_longest_of_this_batch) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t rows[2] = {1, 0};
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, f.types, rows, 2), TL_OK);
  CHECK_EQ_INT(tl_batch_sequences(f.batch), 2);
  CHECK_EQ_INT(tl_batch_tokens(f.batch), 5);
  CHECK_EQ_INT(tl_batch_longest(f.batch), 3);
  static const int32_t ids[6] = {2, 3, 99, 2, 7, 3}, mask[6] = {1, 1, 0, 1, 1, 1},
                       types[6] = {0, 1, 99, 0, 0, 1};
  check_field(f.batch, TL_INPUT_IDS, 3, 99, ids);
  check_field(f.batch, TL_ATTENTION_MASK, 3, 99, mask);
  check_field(f.batch, TL_TOKEN_TYPE_IDS, 3, 99, types);
  close_fixture(&f);
}

TEST(a_batch_is_used_again_for_larger_and_smaller_ones) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t rows[3] = {3, 3, 0}, one[1] = {1};
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, NULL, rows + 2, 1), TL_OK);
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, f.types, rows, 3), TL_OK);
  CHECK_EQ_INT(tl_batch_tokens(f.batch), 13);
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, NULL, one, 1), TL_OK);
  CHECK_EQ_INT(tl_batch_tokens(f.batch), 2);
  static const int32_t ids[4] = {2, 3, 0, 0}, types[4] = {0, 0, 0, 0};
  check_field(f.batch, TL_INPUT_IDS, 4, 0, ids);
  check_field(f.batch, TL_TOKEN_TYPE_IDS, 4, 0, types);
  close_fixture(&f);
}

TEST(rows_that_cannot_be_collated_are_named_and_leave_the_batch) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t good[1] = {0}, outside[2] = {0, 4}, negative[1] = {-1}, empty[2] = {0, 2};
  REQUIRE(tl_batch_collate(f.batch, f.ids, f.types, good, 1) == TL_OK);
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, f.types, outside, 2), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "row 4 is outside the column's 4 rows");
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, f.types, negative, 1), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, f.types, empty, 2), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "row 2 has no tokens; a sequence needs at least one");
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, f.types, good, 0), TL_ERR_ARGUMENT);
  tl_ragged *short_types = NULL;
  static const int32_t values[2] = {0, 0}, offsets[2] = {0, 2};
  REQUIRE(tl_ragged_create(f.context, &short_types) == TL_OK);
  REQUIRE(tl_ragged_append(short_types, values, offsets, 1) == TL_OK);
  CHECK_EQ_INT(tl_batch_collate(f.batch, f.ids, short_types, good, 1), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "row 0 has 3 input_ids but 2 token_type_ids");
  tl_ragged_free(short_types);
  static const int32_t ids[3] = {2, 7, 3};
  check_field(f.batch, TL_INPUT_IDS, 3, 0, ids);
  close_fixture(&f);
}

TEST(packing_leaves_masked_tokens_out_and_padding_gives_the_same_rectangle_back) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[8] = {2, 5, 6, 0, 2, 0, 6, 0}, mask[8] = {1, 1, 1, 0, 1, 0, 1, 0};
  static const int32_t types[8] = {0, 1, 1, 0, 0, 0, 1, 0};
  CHECK_EQ_INT(tl_batch_pack(f.batch, 2, 4, ids, mask, types), TL_OK);
  CHECK_EQ_INT(tl_batch_tokens(f.batch), 5);
  CHECK_EQ_INT(tl_batch_longest(f.batch), 3);
  static const int32_t positions[5] = {0, 1, 2, 0, 2};
  CHECK_EQ_BYTES(f.batch->positions, positions, sizeof positions);
  check_field(f.batch, TL_INPUT_IDS, 4, 0, ids);
  check_field(f.batch, TL_ATTENTION_MASK, 4, 0, mask);
  check_field(f.batch, TL_TOKEN_TYPE_IDS, 4, 0, types);
  close_fixture(&f);
}

TEST(a_batch_without_mask_and_types_is_full_and_of_type_zero) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[4] = {2, 5, 2, 6}, ones[4] = {1, 1, 1, 1}, zeros[4] = {0};
  CHECK_EQ_INT(tl_batch_pack(f.batch, 2, 2, ids, NULL, NULL), TL_OK);
  check_field(f.batch, TL_INPUT_IDS, 2, 0, ids);
  check_field(f.batch, TL_ATTENTION_MASK, 2, 0, ones);
  check_field(f.batch, TL_TOKEN_TYPE_IDS, 2, 7, zeros);
  close_fixture(&f);
}

TEST(masks_that_are_none_are_refused) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[4] = {2, 5, 2, 6}, two[4] = {1, 2, 1, 1}, left[4] = {1, 1, 0, 1};
  CHECK_EQ_INT(tl_batch_pack(f.batch, 2, 2, ids, two, NULL), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "attention_mask[0][1] is 2; a mask holds zeros and ones only");
  CHECK_EQ_INT(tl_batch_pack(f.batch, 2, 2, ids, left, NULL), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context),
            "sequence 1 is masked in its first column, which the head reads; pad on the right");
  CHECK_EQ_INT(tl_batch_pack(f.batch, 0, 2, ids, NULL, NULL), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_batch_pack(f.batch, 2, 0, ids, NULL, NULL), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_batch_pack(f.batch, 65536, 65536, ids, NULL, NULL), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_batch_sequences(f.batch), 0);
  close_fixture(&f);
}

TEST(labels_must_be_one_for_each_sequence_and_go_with_the_next_collation) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t rows[2] = {0, 1}, labels[2] = {1, 0};
  static const float targets[4] = {1, 0, 0, 1};
  CHECK_EQ_INT(tl_batch_set_labels(f.batch, labels, 0), TL_ERR_ARGUMENT); /* there are no sequences yet */
  REQUIRE(tl_batch_collate(f.batch, f.ids, f.types, rows, 2) == TL_OK);
  CHECK_EQ_INT(tl_batch_set_labels(f.batch, labels, 1), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "1 labels for a batch of 2 sequences");
  CHECK_EQ_INT(tl_batch_set_labels(f.batch, labels, 2), TL_OK);
  CHECK_EQ_INT(f.batch->label_kind, TL_LABELS_CLASS);
  CHECK_EQ_INT(tl_batch_set_targets(f.batch, targets, 1, 2), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_batch_set_targets(f.batch, targets, 2, 0), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(f.batch->label_kind, TL_LABELS_CLASS);
  CHECK_EQ_INT(tl_batch_set_targets(f.batch, targets, 2, 2), TL_OK);
  CHECK_EQ_INT(f.batch->label_kind, TL_LABELS_TARGETS);
  REQUIRE(tl_batch_collate(f.batch, f.ids, f.types, rows, 2) == TL_OK);
  CHECK_EQ_INT(f.batch->label_kind, TL_LABELS_NONE);
  close_fixture(&f);
}

TEST(a_rectangle_narrower_than_the_batch_or_an_unknown_field_is_refused) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t rows[1] = {0};
  REQUIRE(tl_batch_collate(f.batch, f.ids, f.types, rows, 1) == TL_OK);
  int32_t out[3] = {7, 7, 7};
  CHECK_EQ_INT(tl_batch_pad(f.batch, TL_INPUT_IDS, 2, 0, out), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "a width of 2 is below the batch's longest sequence, 3");
  CHECK_EQ_INT(tl_batch_pad(f.batch, (tl_field)3, 3, 0, out), TL_ERR_ARGUMENT);
  CHECK(out[0] == 7 && out[1] == 7 && out[2] == 7);
  close_fixture(&f);
}
