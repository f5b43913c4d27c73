#include <string.h>

#include "option.h"

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* Restricted Damerau-Levenshtein distance, three rows at a time. */
static size_t edit_distance(const char* a, const char* b) {
  size_t rows[3][LONGEST + 1];
  size_t a_length = strlen(a);
  size_t b_length = strlen(b);
  if (a_length > LONGEST || b_length > LONGEST)
    return LONGEST;
  for (size_t j = 0; j <= b_length; j++)
    rows[0][j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t* row = rows[i % 3];
    const size_t* above = rows[(i + 2) % 3];
    const size_t* two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      size_t swap_cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + swap_cost);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = least(row[j], two_above[j - 2] + 1);
    }
  }
  return rows[a_length % 3][b_length];
}

bool dt__is_nearer(const char* a, const char* b, size_t* distance) {
  size_t found = edit_distance(a, b);
  /* A third of the letters may be wrong; more would be a guess. */
  size_t allowed = strlen(b) / 3 + 1;
  if (found > allowed || found >= *distance)
    return false;
  *distance = found;
  return true;
}

static void nearest_in(const dt__option* options, const char* typed, const char** best,
                       size_t* distance) {
  for (const dt__option* o = options; o && o->name; o++)
    if (o->help && dt__is_nearer(typed, o->name, distance))
      *best = o->name;
}

const char* dt__nearest_option(const dt__option* options, const char* typed) {
  const char* best = NULL;
  size_t distance = LONGEST;
  nearest_in(options, typed, &best, &distance);
  nearest_in(dt__global_options, typed, &best, &distance);
  return best;
}

const char* dt__nearest_command(const char* typed) {
  const char* best = NULL;
  size_t distance = LONGEST;
  for (const dt__command* c = dt__commands; c->name; c++)
    if (dt__is_nearer(typed, c->name, &distance))
      best = c->name;
  return best;
}
