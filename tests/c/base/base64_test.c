/* Base64: what RFC 4648 gives as examples, and what is none. */
#include "base/base64.h"

#include <string.h>

#include "harness.h"

static const struct {
  const char *bytes;
  const char *text;
} examples[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"\xFB\xFF", "+/8="}};
enum { EXAMPLES = sizeof examples / sizeof examples[0], LONGEST = 16 };

TEST(examples_are_decoded_and_encoded) {
  for (int i = 0; i < EXAMPLES; ++i) {
    const char *bytes = examples[i].bytes, *text = examples[i].text;
    uint8_t decoded[LONGEST];
    size_t size = LONGEST;
    CHECK(tl_base64_decode(text, strlen(text), decoded, &size));
    if (CHECK_EQ_INT(size, strlen(bytes)))
      CHECK_EQ_BYTES(decoded, bytes, size);
    char encoded[LONGEST] = "";
    for (size_t at = 0; at < strlen(bytes); at += 3) {
      const size_t left = strlen(bytes) - at;
      tl_base64_encode((const uint8_t *)bytes + at, left < 3 ? left : 3, encoded + at / 3 * 4);
    }
    CHECK(strcmp(encoded, text) == 0);
  }
}

TEST(what_is_no_base64_is_told) {
  static const char *const broken[] = {
      "Z", "Zg=", "Zg==Zg==", "Z===", "Zh==", "Zm9=", "Zm 9", "Zm9-", "===="};
  for (size_t i = 0; i < sizeof broken / sizeof broken[0]; ++i) {
    uint8_t decoded[LONGEST];
    size_t size = 0;
    CHECK(!tl_base64_decode(broken[i], strlen(broken[i]), decoded, &size));
  }
}
