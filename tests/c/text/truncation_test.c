/* Truncation by hand: who is cut, by how much, and what is refused. The goldens check the same against the
 * library. */
#include "text/truncation.h"

#include "harness.h"

/* The lengths that are left of two texts of a and b tokens. */
static void check_pair(tl_truncation truncation, size_t max_length, size_t a, size_t b, size_t left_a,
                       size_t left_b) {
  CHECK_EQ_INT(tl_truncate(truncation, max_length, &a, &b), TL_TRUNCATED);
  CHECK_EQ_INT(a, left_a);
  CHECK_EQ_INT(b, left_b);
}

TEST(longest_first_cuts_only_the_longer_while_that_is_enough) {
  check_pair(TL_TRUNCATE_LONGEST_FIRST, 10, 3, 9, 3, 7);
  check_pair(TL_TRUNCATE_LONGEST_FIRST, 10, 9, 3, 7, 3);
  check_pair(TL_TRUNCATE_LONGEST_FIRST, 10, 5, 5, 5, 5);
}

TEST(longest_first_halves_two_long_texts_and_gives_the_odd_token_to_the_longer) {
  check_pair(TL_TRUNCATE_LONGEST_FIRST, 9, 20, 30, 4, 5);
  check_pair(TL_TRUNCATE_LONGEST_FIRST, 9, 30, 20, 5, 4);
  check_pair(TL_TRUNCATE_LONGEST_FIRST, 9, 20, 20, 4, 5); /* equal: to the second */
}

TEST(only_first_and_only_second_cut_one_text_or_refuse) {
  check_pair(TL_TRUNCATE_ONLY_FIRST, 10, 8, 6, 4, 6);
  check_pair(TL_TRUNCATE_ONLY_SECOND, 10, 8, 6, 8, 2);
  size_t a = 3, b = 20;
  CHECK_EQ_INT(tl_truncate(TL_TRUNCATE_ONLY_FIRST, 10, &a, &b), TL_TRUNCATION_TOO_SHORT);
  CHECK_EQ_INT(tl_truncate(TL_TRUNCATE_ONLY_SECOND, 3, &a, &b), TL_TRUNCATION_TOO_SHORT);
  CHECK_EQ_INT(tl_truncate(TL_TRUNCATE_ONLY_SECOND, 2, &a, NULL), TL_TRUNCATION_NO_PAIR);
  CHECK_EQ_INT(a, 3);
  CHECK_EQ_INT(b, 20);
}

TEST(a_text_that_fits_stays_and_no_room_leaves_nothing) {
  check_pair(TL_TRUNCATE_ONLY_FIRST, 10, 4, 6, 4, 6);
  check_pair(TL_TRUNCATE_NONE, 0, 4, 6, 4, 6);
  check_pair(TL_TRUNCATE_ONLY_FIRST, 0, 4, 6, 0, 0);
  size_t a = 12;
  CHECK_EQ_INT(tl_truncate(TL_TRUNCATE_LONGEST_FIRST, 5, &a, NULL), TL_TRUNCATED);
  CHECK_EQ_INT(a, 5);
}
