/* Encoding rows: each thread takes a run of rows of about as many bytes as the others', then the runs are
 * joined in order. */
#include <stdlib.h>
#include <string.h>

#include "text/encoding_internal.h"
#include "text/tokenizer_internal.h"
#include "text/truncation.h"

/* How a thread's share ended. */
typedef enum row_problem { ROW_FINE, ROW_NO_MEMORY, ROW_NO_PAIR, ROW_TOO_SHORT } row_problem;

typedef struct encode_job {
  tl_tokenizer *tokenizer;
  int32_t n;
  const uint8_t *text;
  const uint32_t *ends;
  const uint8_t *pair; /* NULL with pair_ends: single texts */
  const uint32_t *pair_ends;
  const tl_encode_options *options;
  size_t room; /* tokens besides the special ones, if there is truncation */
  row_problem problem[TL_MAX_THREADS];
  int32_t row[TL_MAX_THREADS]; /* where the problem is */
} encode_job;

static uint32_t row_begin(const uint32_t *ends, int32_t row) { return row > 0 ? ends[row - 1] : 0; }

/* Bytes of the rows before `row`. */
static uint64_t bytes_before(const encode_job *job, int32_t row) {
  const uint64_t first = row_begin(job->ends, row);
  return job->pair_ends != NULL ? first + row_begin(job->pair_ends, row) : first;
}

/* The first row of thread `thread`: the first with at least its share of the bytes before it. */
static int32_t first_row(const encode_job *job, int32_t thread, int32_t threads) {
  if (thread == threads)
    return job->n;
  const uint64_t target = bytes_before(job, job->n) / (uint64_t)threads * (uint64_t)thread;
  int32_t low = 0, high = job->n;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (bytes_before(job, middle) < target)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool encode_part(const encode_job *job, tl_encode_worker *worker, int32_t row, bool second,
                        tl_ids *ids) {
  const uint8_t *text = second ? job->pair : job->text;
  const uint32_t *ends = second ? job->pair_ends : job->ends;
  const uint32_t begin = row_begin(ends, row);
  /* A single text that is known to be too long is long enough; of a pair both lengths decide what is cut. */
  const bool limited = job->options->truncation != TL_TRUNCATE_NONE && job->pair_ends == NULL;
  const size_t limit = limited ? job->room + 1 : SIZE_MAX;
  ids->count = 0;
  return ends[row] == begin ||
         tl_encode_text(job->tokenizer, worker, text + begin, ends[row] - begin, limit, ids);
}

static row_problem encode_row(const encode_job *job, tl_encode_worker *worker, int32_t row) {
  tl_context *context = job->tokenizer->context;
  const bool paired = job->pair_ends != NULL;
  if (!encode_part(job, worker, row, false, &worker->a) ||
      (paired && !encode_part(job, worker, row, true, &worker->b)))
    return ROW_NO_MEMORY;
  switch (tl_truncate((tl_truncation)job->options->truncation, job->room, &worker->a.count,
                      paired ? &worker->b.count : NULL)) {
  case TL_TRUNCATION_NO_PAIR:
    return ROW_NO_PAIR;
  case TL_TRUNCATION_TOO_SHORT:
    return ROW_TOO_SHORT;
  case TL_TRUNCATED:
    break;
  }
  const size_t before = worker->ids.count;
  const tl_row_output out = {&worker->ids, &worker->type_ids, &worker->special_mask};
  if (!tl_ids_reserve(context, &worker->lengths, 1) ||
      !tl_post_processor_run(context, &job->tokenizer->post_processor, paired, &worker->a, &worker->b,
                             job->options->add_special_tokens != 0, &out))
    return ROW_NO_MEMORY;
  const size_t length = worker->ids.count - before;
  if (length > INT32_MAX)
    return ROW_NO_MEMORY;
  worker->lengths.items[worker->lengths.count++] = (int32_t)length;
  return ROW_FINE;
}

static void encode_share(void *argument, int32_t thread, int32_t threads) {
  encode_job *job = argument;
  tl_encode_worker *worker = &job->tokenizer->workers[thread];
  worker->ids.count = worker->type_ids.count = worker->special_mask.count = worker->lengths.count = 0;
  const int32_t end = first_row(job, thread + 1, threads);
  for (int32_t row = first_row(job, thread, threads); row < end; ++row) {
    job->problem[thread] = encode_row(job, worker, row);
    job->row[thread] = row;
    if (job->problem[thread] != ROW_FINE)
      return;
  }
}

/* The sentence about the first row that could not be encoded; threads hold ascending rows. */
static tl_status report(const encode_job *job, int32_t threads) {
  tl_context *context = job->tokenizer->context;
  for (int32_t thread = 0; thread < threads; ++thread) {
    const int row = (int)job->row[thread], max_length = (int)job->options->max_length;
    const bool first = job->options->truncation == TL_TRUNCATE_ONLY_FIRST;
    switch (job->problem[thread]) {
    case ROW_FINE:
      break;
    case ROW_NO_MEMORY:
      return tl_fail(context, TL_ERR_MEMORY, "row %d could not be tokenized: out of memory", row);
    case ROW_NO_PAIR:
      return tl_fail(
          context, TL_ERR_ARGUMENT,
          "row %d is longer than max_length %d, but truncation only_second has no second text to cut", row,
          max_length);
    case ROW_TOO_SHORT:
      return tl_fail(context, TL_ERR_ARGUMENT,
                     "row %d cannot be cut to max_length %d: its %s text is too short for truncation %s", row,
                     max_length, first ? "first" : "second", first ? "only_first" : "only_second");
    }
  }
  return TL_OK;
}

static bool ascending(const uint32_t *ends, int32_t n) {
  for (int32_t i = 1; i < n; ++i)
    if (ends[i] < ends[i - 1])
      return false;
  return true;
}

static tl_status check(const encode_job *job) {
  tl_context *context = job->tokenizer->context;
  const tl_encode_options *options = job->options;
  if (job->n < 0 || (job->n > 0 && job->ends == NULL) || (job->pair == NULL) != (job->pair_ends == NULL))
    return tl_fail(context, TL_ERR_ARGUMENT,
                   "encode: %d rows without their ends, or pairs without one of their arrays", (int)job->n);
  if (!ascending(job->ends, job->n) || (job->pair_ends != NULL && !ascending(job->pair_ends, job->n)))
    return tl_fail(context, TL_ERR_ARGUMENT, "encode: the rows' ends must ascend");
  if (options->truncation < TL_TRUNCATE_NONE || options->truncation > TL_TRUNCATE_ONLY_SECOND)
    return tl_fail(context, TL_ERR_ARGUMENT, "encode: %d is no truncation", (int)options->truncation);
  return TL_OK;
}

/* How many tokens of text fit beside the special ones. */
static tl_status find_room(encode_job *job) {
  const tl_encode_options *options = job->options;
  const size_t added = options->add_special_tokens != 0
                           ? tl_post_processor_added(&job->tokenizer->post_processor, job->pair_ends != NULL)
                           : 0;
  if (options->truncation == TL_TRUNCATE_NONE)
    return TL_OK;
  if (options->max_length < 0 || (size_t)options->max_length < added)
    return tl_fail(job->tokenizer->context, TL_ERR_ARGUMENT,
                   "max_length %d cannot hold the %zu special tokens; expected at least that",
                   (int)options->max_length, added);
  job->room = (size_t)options->max_length - added;
  return TL_OK;
}

tl_status tl_tokenizer_encode(tl_tokenizer *tokenizer, int32_t n, const uint8_t *text, const uint32_t *ends,
                              const uint8_t *pair, const uint32_t *pair_ends,
                              const tl_encode_options *options, tl_encoding *out) {
  encode_job job = {.tokenizer = tokenizer,
                    .n = n,
                    .text = text,
                    .ends = ends,
                    .pair = pair,
                    .pair_ends = pair_ends,
                    .options = options};
  tl_status status = check(&job);
  if (status == TL_OK)
    status = find_room(&job);
  if (status != TL_OK)
    return status;
  tl_pool *pool = tl_context_pool(tokenizer->context);
  const int32_t threads = tl_pool_threads(pool);
  tl_pool_run(pool, encode_share, &job);
  status = report(&job, threads);
  return status == TL_OK ? tl_encoding_join(out, tokenizer->workers, threads, n) : status;
}

void tl_encode_worker_free(tl_context *context, tl_encode_worker *worker) {
  tl_normalizer_scratch_free(context, &worker->normalizer);
  tl_pre_tokenizer_scratch_free(context, &worker->pre_tokenizer);
  tl_token_model_scratch_free(context, &worker->model);
  tl_bytes_free(context, &worker->repaired);
  tl_ids_free(context, &worker->a);
  tl_ids_free(context, &worker->b);
  tl_ids_free(context, &worker->ids);
  tl_ids_free(context, &worker->type_ids);
  tl_bytes_free(context, &worker->special_mask);
  tl_ids_free(context, &worker->lengths);
}
