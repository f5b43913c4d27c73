#include <string.h>

#include "store_internal.h"

/* Numbers of the enums, in their order. The words are part of the file format. */
static const char* const words[] = {"cant_tell", "rushing", "dragging", "scattered",
                                    "in_the_pocket"};
static const char* const knowns[] = {"known", "cant_tell", "not_testable"};
static const char* const grids[] = {"click", "tempo", "free"};
static const char* const levels[] = {"beginner", "player", "pro"};
static const char* const sources[] = {"midi", "sound"};

static const char* key_at(const char* const* keys, int count, int at) {
  return at >= 0 && at < count ? keys[at] : keys[0];
}

static int index_of(const char* const* keys, int count, const char* key) {
  for (int i = 0; key && i < count; ++i)
    if (strcmp(keys[i], key) == 0)
      return i;
  return -1;
}

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

const char* dt_word_key(dt_word word) {
  return key_at(words, COUNT(words), (int)word);
}

int dt_word_from_key(const char* key) {
  return index_of(words, COUNT(words), key);
}

const char* dt__known_key(dt_known known) {
  return key_at(knowns, COUNT(knowns), (int)known);
}

int dt__known_from_key(const char* key) {
  return index_of(knowns, COUNT(knowns), key);
}

const char* dt__grid_key(dt_grid_mode mode) {
  return key_at(grids, COUNT(grids), (int)mode);
}

int dt__grid_from_key(const char* key) {
  return index_of(grids, COUNT(grids), key);
}

const char* dt__level_key(dt_level level) {
  return key_at(levels, COUNT(levels), (int)level);
}

int dt__level_from_key(const char* key) {
  return index_of(levels, COUNT(levels), key);
}

const char* dt__source_key(dt_take_source source) {
  return key_at(sources, COUNT(sources), (int)source);
}

int dt__source_from_key(const char* key) {
  return index_of(sources, COUNT(sources), key);
}
