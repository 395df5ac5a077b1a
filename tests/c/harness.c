/* The test harness's main(), its counters and its reports; harness.h tells how tests use it. */
#include "harness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test program is the one place where global state is right: tests register before main() starts. */
static test_case *first_test;
static test_case **last_link = &first_test;
static int failures_in_test;
static bool skipped;

void test_register(test_case *test) {
  *last_link = test;
  last_link = &test->next;
}

static bool fail(const char *file, int line, const char *text) {
  ++failures_in_test;
  printf("  %s:%d: %s\n", file, line, text);
  return false;
}

bool test_check(bool holds, const char *text, const char *file, int line) {
  return holds || fail(file, line, text);
}

bool test_check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line) {
  if (actual == expected)
    return true;
  fail(file, line, text);
  printf("    got %lld, expected %lld\n", (long long)actual, (long long)expected);
  return false;
}

bool test_check_str(const char *actual, const char *expected, const char *text, const char *file, int line) {
  if (!actual || !expected ? actual == expected : strcmp(actual, expected) == 0)
    return true;
  fail(file, line, text);
  printf("    got      \"%s\"\n    expected \"%s\"\n", actual ? actual : "(NULL)",
         expected ? expected : "(NULL)");
  return false;
}

/* Written so that a NaN on either side makes it false. */
static bool near(double actual, double expected, double tolerance) {
  return actual == expected || fabs(actual - expected) <= tolerance;
}

bool test_check_near(double actual, double expected, double tolerance, const char *text, const char *file,
                     int line) {
  if (near(actual, expected, tolerance))
    return true;
  fail(file, line, text);
  printf("    got %.9g, expected %.9g, differ by %.3g, allowed %.3g\n", actual, expected,
         fabs(actual - expected), tolerance);
  return false;
}

bool test_check_close_array(const float *actual, const float *expected, size_t n, double atol, double rtol,
                            const char *text, const char *file, int line) {
  size_t wrong = 0, worst = 0;
  double worst_excess = 0.0;
  for (size_t i = 0; i < n; ++i) {
    const double a = (double)actual[i], e = (double)expected[i];
    const double allowed = atol + rtol * fabs(e);
    if (near(a, e, allowed))
      continue;
    const double excess = isnan(a) || isnan(e) ? HUGE_VAL : fabs(a - e) - allowed;
    if (wrong == 0 || excess > worst_excess) {
      worst = i;
      worst_excess = excess;
    }
    ++wrong;
  }
  if (wrong == 0)
    return true;
  fail(file, line, text);
  printf("    %zu of %zu differ; worst at [%zu]: got %.9g, expected %.9g (atol %.3g, rtol %.3g)\n", wrong, n,
         worst, (double)actual[worst], (double)expected[worst], atol, rtol);
  return false;
}

bool test_check_bytes(const void *actual, const void *expected, size_t n, const char *text, const char *file,
                      int line) {
  const unsigned char *a = actual, *e = expected;
  for (size_t i = 0; i < n; ++i) {
    if (a[i] == e[i])
      continue;
    fail(file, line, text);
    printf("    first difference at byte %zu of %zu: got 0x%02x, expected 0x%02x\n", i, n, a[i], e[i]);
    return false;
  }
  return true;
}

void test_skip(const char *reason) {
  skipped = true;
  printf("  skipped: %s\n", reason);
}

int test_failures(void) { return failures_in_test; }

void test_forget_failures(int count) { failures_in_test -= count; }

/* What lies before the leading guard zone. The header takes one alignment unit so that the buffer keeps it.
 */
enum { CANARY_ALIGN = 64 };
typedef struct {
  void *allocation;
  size_t n_floats;
} canary_header;

/* A pattern that is an unlikely float and differs from word to word, so that a shifted copy is seen as well.
 */
static uint32_t canary_word(size_t i) { return 0x7fcabb1eU ^ (uint32_t)(i * 0x9e3779b9U); }

static const unsigned char *canary_front(const float *buffer) {
  return (const unsigned char *)(buffer - CANARY_FLOATS);
}

static const canary_header *canary_header_of(const float *buffer) {
  return (const canary_header *)(const void *)(canary_front(buffer) - CANARY_ALIGN);
}

float *canary_alloc(size_t n_floats) {
  const size_t overhead = 2 * CANARY_ALIGN + 2 * CANARY_FLOATS * sizeof(float);
  unsigned char *allocation =
      n_floats > (SIZE_MAX - overhead) / sizeof(float) ? NULL : malloc(overhead + n_floats * sizeof(float));
  if (!allocation) {
    printf("canary_alloc: no memory for %zu floats\n", n_floats);
    exit(EXIT_FAILURE);
  }
  unsigned char *header = allocation + CANARY_ALIGN - (uintptr_t)allocation % CANARY_ALIGN;
  const canary_header content = {allocation, n_floats};
  memcpy(header, &content, sizeof content);
  float *front = (float *)(void *)(header + CANARY_ALIGN);
  float *buffer = front + CANARY_FLOATS;
  for (size_t i = 0; i < CANARY_FLOATS; ++i) {
    const uint32_t before = canary_word(i), after = canary_word(CANARY_FLOATS + i);
    memcpy(front + i, &before, sizeof before);
    memcpy(buffer + n_floats + i, &after, sizeof after);
  }
  for (size_t i = 0; i < n_floats; ++i)
    buffer[i] = NAN;
  return buffer;
}

bool canary_intact(const float *buffer) {
  const float *front = (const float *)(const void *)canary_front(buffer);
  const float *back = buffer + canary_header_of(buffer)->n_floats;
  for (size_t i = 0; i < CANARY_FLOATS; ++i) {
    const uint32_t before = canary_word(i), after = canary_word(CANARY_FLOATS + i);
    if (memcmp(front + i, &before, sizeof before) != 0 || memcmp(back + i, &after, sizeof after) != 0)
      return false;
  }
  return true;
}

void canary_free(float *buffer) {
  if (!buffer)
    return;
  test_check(canary_intact(buffer), "a guard zone was overwritten", __FILE__, __LINE__);
  free(canary_header_of(buffer)->allocation);
}

int main(int argc, char **argv) {
  int passed = 0, failed = 0, n_skipped = 0;
  const char *part = argc > 1 ? argv[1] : "";
  for (test_case *test = first_test; test; test = test->next) {
    if (!strstr(test->name, part))
      continue;
    failures_in_test = 0;
    skipped = false;
    test->run();
    if (failures_in_test) {
      ++failed;
      printf("FAILED %s\n", test->name);
    } else if (skipped) {
      ++n_skipped;
    } else {
      ++passed;
    }
    fflush(stdout); /* A crash in the next test must not take this report with it. */
  }
  printf("%d passed, %d failed, %d skipped\n", passed, failed, n_skipped);
  if (passed + failed + n_skipped == 0)
    printf("no test matches \"%s\"\n", part);
  return failed || passed + n_skipped == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
