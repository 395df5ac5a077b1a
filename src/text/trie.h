/* A trie over byte strings: exact lookup, and the longest key that a text begins with.
 *
 * Linear in the key's length whatever the keys are, so a hostile vocabulary cannot slow it down as it could a
 * hash table. */
#ifndef TL_TEXT_TRIE_H
#define TL_TEXT_TRIE_H

#include "base/context_internal.h"

typedef struct tl_trie_key {
  const uint8_t *bytes;
  size_t size;
  int32_t value; /* >= 0 */
  uint64_t head; /* for tl_trie_build's own use */
} tl_trie_key;

typedef struct tl_trie_node {
  uint32_t first_child; /* the children of a node stand side by side, ascending by label */
  uint16_t children;    /* 0..256 */
  int32_t value;        /* -1: no key ends here */
} tl_trie_node;

typedef struct tl_trie {
  tl_trie_node *nodes; /* nodes[0] is the root */
  uint8_t *labels;     /* labels[i] is the byte that leads to node i */
} tl_trie;

enum { TL_TRIE_ROOT = 0, TL_TRIE_NONE = 0 };

/* Builds a trie of n keys, in any order; of equal ones the last counts. The array is scratch afterwards.
 * `what` names the keys in a sentence about memory. Their bytes are not kept. */
tl_status tl_trie_build(tl_context *context, const char *what, tl_trie_key *keys, size_t n, tl_trie *out);
void tl_trie_free(tl_context *context, tl_trie *trie);

/* The child that `byte` leads to, or TL_TRIE_NONE (the root is nobody's child). */
static inline uint32_t tl_trie_step(const tl_trie *trie, uint32_t node, uint8_t byte) {
  const tl_trie_node *from = &trie->nodes[node];
  if (from->children == 0)
    return TL_TRIE_NONE;
  const uint8_t *labels = trie->labels + from->first_child;
  if (byte < labels[0])
    return TL_TRIE_NONE;
  /* Labels ascend without repetition, so `byte` stands at most this far in; exactly there if there are no
   * gaps. */
  uint32_t at = (uint32_t)(byte - labels[0]);
  if (at >= from->children)
    at = from->children - 1u;
  while (labels[at] > byte)
    --at;
  return labels[at] == byte ? from->first_child + at : TL_TRIE_NONE;
}

/* The node that `bytes` lead to from `node`, or TL_TRIE_NONE; from the root no bytes lead to the root. */
uint32_t tl_trie_walk(const tl_trie *trie, uint32_t node, const uint8_t *bytes, size_t size);

/* The value of a key, or -1. */
int32_t tl_trie_find(const tl_trie *trie, const uint8_t *bytes, size_t size);

/* The value of the longest non-empty key, read from `node` on, that the text begins with, and its length; -1:
 * none. */
static inline int32_t tl_trie_longest(const tl_trie *trie, uint32_t node, const uint8_t *text, size_t size,
                                      size_t *length) {
  int32_t value = -1;
  for (size_t at = 0; at < size; ++at) {
    node = tl_trie_step(trie, node, text[at]);
    if (node == TL_TRIE_NONE)
      break;
    if (trie->nodes[node].value >= 0) {
      value = trie->nodes[node].value;
      *length = at + 1;
    }
  }
  return value;
}

#endif
