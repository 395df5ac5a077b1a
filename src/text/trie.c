/* Building the trie: keys are sorted, then nodes are laid out level by level, so that siblings stand side by
 * side. */
#include "text/trie.h"

#include <string.h>

/* The first eight bytes as a number that orders as they do; shorter keys are padded with zeros. */
static uint64_t head_of(const tl_trie_key *key) {
  uint64_t head = 0;
  for (size_t i = 0; i < sizeof head; ++i)
    head = head << 8 | (i < key->size ? key->bytes[i] : 0u);
  return head;
}

/* Whether a stands behind b. Most keys differ in their heads, which lie in the array itself. */
static bool stands_behind(const tl_trie_key *a, const tl_trie_key *b) {
  if (a->head != b->head)
    return a->head > b->head;
  const size_t shared = a->size < b->size ? a->size : b->size;
  const int bytes = shared > 0 ? memcmp(a->bytes, b->bytes, shared) : 0;
  return bytes != 0 ? bytes > 0 : a->size > b->size;
}

/* Merges from[begin .. middle) and from[middle .. end), each sorted, into to[begin .. end). */
static void merge(const tl_trie_key *from, size_t begin, size_t middle, size_t end, tl_trie_key *to) {
  size_t left = begin, right = middle;
  for (size_t at = begin; at < end; ++at) {
    const bool take_right = left == middle || (right < end && stands_behind(&from[left], &from[right]));
    to[at] = from[take_right ? right++ : left++];
  }
}

/* Stable merge sort; n log n comparisons whatever the keys are, several times faster than WebAssembly's
 * qsort. The result is in the array that is returned: one of the two. */
static tl_trie_key *sort_keys(tl_trie_key *keys, tl_trie_key *spare, size_t n) {
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t begin = 0; begin < n; begin += 2 * width) {
      const size_t middle = n - begin < width ? n : begin + width;
      const size_t end = n - middle < width ? n : middle + width;
      merge(keys, begin, middle, end, spare);
    }
    tl_trie_key *sorted = spare;
    spare = keys;
    keys = sorted;
  }
  return keys;
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

/* Lays the trie of sorted keys out. */
static tl_status build_sorted(tl_context *context, const char *what, const tl_trie_key *keys, size_t n,
                              tl_trie *out) {
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

tl_status tl_trie_build(tl_context *context, const char *what, tl_trie_key *keys, size_t n, tl_trie *out) {
  tl_trie_key *spare = tl_memory_alloc(context, n, sizeof *spare);
  if (spare == NULL)
    return tl_fail_memory(context, what, (double)n * (double)sizeof *spare);
  for (size_t i = 0; i < n; ++i)
    keys[i].head = head_of(&keys[i]);
  const tl_status status = build_sorted(context, what, sort_keys(keys, spare, n), n, out);
  tl_memory_free(context, spare);
  return status;
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
