/* A tiny test harness: tests register themselves, checks report file and line, and main() lives in harness.c.
 *
 *   #include "harness.h"
 *
 *   TEST(softmax_rows_sum_to_one) {
 *     float *out = canary_alloc(12);
 *     ...
 *     CHECK_NEAR(out[0] + out[1], 1.0, 1e-6);
 *     CHECK(canary_intact(out));
 *     canary_free(out);
 *   }
 *
 * A failed check is counted and the test goes on; REQUIRE leaves the test at once (for what later lines
 * need). NaN passes no comparison. One file is one program: `program [part of a name]` runs the tests whose
 * name contains it. */
#ifndef TL_TEST_HARNESS_H
#define TL_TEST_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct test_case {
  const char *name;
  void (*run)(void);
  struct test_case *next;
} test_case;

/* Called by TEST before main(); not for use in tests. */
void test_register(test_case *test);

/* Each check returns true when it holds; else it prints where and what, and fails the running test. */
bool test_check(bool holds, const char *text, const char *file, int line);
bool test_check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line);
bool test_check_str(const char *actual, const char *expected, const char *text, const char *file, int line);
bool test_check_near(double actual, double expected, double tolerance, const char *text, const char *file,
                     int line);
bool test_check_close_array(const float *actual, const float *expected, size_t n, double atol, double rtol,
                            const char *text, const char *file, int line);
bool test_check_bytes(const void *actual, const void *expected, size_t n, const char *text, const char *file,
                      int line);

/* Marks the running test as skipped, with the reason (a file that this machine does not have). Return after
 * it. */
void test_skip(const char *reason);

/* For the harness's own test: the failures of the running test so far, and taking back those that were meant.
 */
int test_failures(void);
void test_forget_failures(int count);

#define TEST(name)                                                                                           \
  static void test_##name(void);                                                                             \
  static test_case test_case_##name = {#name, test_##name, NULL};                                            \
  __attribute__((constructor)) static void test_register_##name(void) { test_register(&test_case_##name); }  \
  static void test_##name(void)

#define CHECK(condition) test_check((condition), #condition, __FILE__, __LINE__)

/* Leaves the test when the condition does not hold. */
#define REQUIRE(condition)                                                                                   \
  do {                                                                                                       \
    if (!test_check((condition), #condition, __FILE__, __LINE__))                                            \
      return;                                                                                                \
  } while (0)

/* Signed or unsigned integers that fit int64_t, and enums such as tl_status. */
#define CHECK_EQ_INT(actual, expected)                                                                       \
  test_check_int((int64_t)(actual), (int64_t)(expected), #actual " == " #expected, __FILE__, __LINE__)

/* NULL equals only NULL. */
#define CHECK_STR(actual, expected)                                                                          \
  test_check_str((actual), (expected), #actual " is " #expected, __FILE__, __LINE__)

/* |actual - expected| <= tolerance. Equal infinities are near; NaN is near nothing, not even NaN. */
#define CHECK_NEAR(actual, expected, tolerance)                                                              \
  test_check_near((double)(actual), (double)(expected), (double)(tolerance), #actual " near " #expected,     \
                  __FILE__, __LINE__)

/* |actual[i] - expected[i]| <= atol + rtol * |expected[i]| for every i < n; reports the worst element. */
#define CHECK_CLOSE_ARRAY(actual, expected, n, atol, rtol)                                                   \
  test_check_close_array((actual), (expected), (n), (atol), (rtol), #actual " close to " #expected,          \
                         __FILE__, __LINE__)

/* The same n bytes: for bit-equal results. */
#define CHECK_EQ_BYTES(actual, expected, n)                                                                  \
  test_check_bytes((actual), (expected), (n), #actual " has the bytes of " #expected, __FILE__, __LINE__)

/* A buffer of n_floats floats, 64-byte aligned and filled with NaN, between two guard zones of CANARY_FLOATS
 * floats. An overrun of an output is then seen in WebAssembly too, where no sanitizer looks.
 * Never NULL: the test program ends with a message when memory runs out. Free with canary_free. */
enum { CANARY_FLOATS = 64 };
float *canary_alloc(size_t n_floats);

/* True while nothing wrote outside the buffer. */
bool canary_intact(const float *buffer);

/* Checks the guards (a broken one fails the running test), then frees. NULL is allowed. */
void canary_free(float *buffer);

#endif
