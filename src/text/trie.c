/* Building the trie: keys are sorted, then nodes are laid out level by level, so that siblings stand side by
 * side. */
#include "text/trie.h"

#include <stdlib.h>
#include <string.h>

/* By bytes, then by order. */
static int compare_keys(const void *left, const void *right) {
  const tl_trie_key *a = left, *b = right;
  const size_t shared = a->size < b->size ? a->size : b->size;
  const int bytes = shared > 0 ? memcmp(a->bytes, b->bytes, shared) : 0;
  if (bytes != 0)
    return bytes;
  if (a->size != b->size)
    return a->size < b->size ? -1 : 1;
  return a->order < b->order ? -1 : a->order > b->order;
}

/* How many bytes two keys begin with in common. */
static size_t shared_prefix(const tl_trie_key *a, const tl_trie_key *b) {
  const size_t limit = a->size < b->size ? a->size : b->size;
  size_t shared = 0;
  while (shared < limit && a->bytes[shared] == b->bytes[shared])
    ++shared;
  return shared;
}

/* Nodes of sorted keys: the root, and for each key the prefixes that the key before it does not have. */
static bool count_nodes(const tl_trie_key *keys, size_t n, size_t *out) {
  size_t nodes = 1;
  for (size_t i = 0; i < n; ++i) {
    const size_t fresh = keys[i].size - (i > 0 ? shared_prefix(&keys[i - 1], &keys[i]) : 0);
    if (__builtin_add_overflow(nodes, fresh, &nodes))
      return false;
  }
  *out = nodes;
  return nodes <= UINT32_MAX;
}

/* The keys below a node: keys[begin .. end). */
typedef struct key_range {
  uint32_t begin;
  uint32_t end;
} key_range;

/* Fills node `at`, whose keys share `depth` bytes, and opens its children behind the `used` nodes there are.
 */
static uint32_t fill_node(tl_trie *trie, const tl_trie_key *keys, key_range *ranges, uint32_t at,
                          size_t depth, uint32_t used) {
  tl_trie_node *node = &trie->nodes[at];
  uint32_t i = ranges[at].begin;
  const uint32_t end = ranges[at].end;
  node->value = -1;
  node->first_child = used;
  while (i < end && keys[i].size == depth)
    node->value = keys[i++].value; /* of equal keys the last */
  while (i < end) {
    const uint8_t label = keys[i].bytes[depth];
    ranges[used].begin = i;
    while (i < end && keys[i].bytes[depth] == label)
      ++i;
    ranges[used].end = i;
    trie->labels[used] = label;
    ++node->children;
    ++used;
  }
  return used;
}

tl_status tl_trie_build(tl_context *context, const char *what, tl_trie_key *keys, size_t n, tl_trie *out) {
  if (n > 0)
    qsort(keys, n, sizeof *keys, compare_keys);
  size_t count;
  if (n > UINT32_MAX || !count_nodes(keys, n, &count))
    return tl_fail(context, TL_ERR_MEMORY, "%s are too many for one table", what);
  tl_trie trie = {
      .nodes = tl_memory_alloc(context, count, sizeof *trie.nodes),
      .labels = tl_memory_alloc(context, count, sizeof *trie.labels),
  };
  key_range *ranges = tl_memory_alloc(context, count, sizeof *ranges);
  if (trie.nodes == NULL || trie.labels == NULL || ranges == NULL) {
    tl_memory_free(context, ranges);
    tl_trie_free(context, &trie);
    const size_t each = sizeof *trie.nodes + sizeof *trie.labels + sizeof *ranges;
    return tl_fail_memory(context, what, (double)count * (double)each);
  }
  ranges[TL_TRIE_ROOT] = (key_range){.begin = 0, .end = (uint32_t)n};
  uint32_t used = 1, level_end = 1;
  size_t depth = 0;
  for (uint32_t at = 0; at < used; ++at) {
    if (at == level_end) {
      level_end = used;
      ++depth;
    }
    used = fill_node(&trie, keys, ranges, at, depth, used);
  }
  tl_memory_free(context, ranges);
  *out = trie;
  return TL_OK;
}

void tl_trie_free(tl_context *context, tl_trie *trie) {
  tl_memory_free(context, trie->nodes);
  tl_memory_free(context, trie->labels);
  *trie = (tl_trie){0};
}

uint32_t tl_trie_walk(const tl_trie *trie, uint32_t node, const uint8_t *bytes, size_t size) {
  for (size_t at = 0; at < size; ++at) {
    node = tl_trie_step(trie, node, bytes[at]);
    if (node == TL_TRIE_NONE)
      return TL_TRIE_NONE;
  }
  return node;
}

int32_t tl_trie_find(const tl_trie *trie, const uint8_t *bytes, size_t size) {
  const uint32_t node = tl_trie_walk(trie, TL_TRIE_ROOT, bytes, size);
  return node == TL_TRIE_NONE && size > 0 ? -1 : trie->nodes[node].value;
}
