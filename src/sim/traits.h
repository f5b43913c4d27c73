#ifndef DT_TRAITS_H
#define DT_TRAITS_H

#include "dt/drummer.h"

/* What a value is written in; decides which units its word takes. */
typedef enum dt__unit {
  DT__UNIT_MS,
  DT__UNIT_SECONDS,
  DT__UNIT_BPM,
  DT__UNIT_BPM_PER_MIN,
  DT__UNIT_SHARE,         /* 2% */
  DT__UNIT_SHARE_PER_MIN, /* 10%/min */
  DT__UNIT_SWING,         /* 62%, 0.62, 2:1 */
  DT__UNIT_FACTOR,        /* 1.5x */
  DT__UNIT_PER_SECOND,    /* 16/s */
  DT__UNIT_PER_MIN,       /* -3/min */
  DT__UNIT_DB_PER_MIN,
  DT__UNIT_DB_PER_BAR,
  DT__UNIT_PLAIN
} dt__unit;

/* One number of a dt_drummer: its word, where it lives and what it may be. */
typedef struct dt__trait {
  const char* word;
  size_t offset; /* of a double in dt_drummer */
  dt__unit unit;
  double low;
  double high;
  double also; /* one more value that is allowed and means "as usual"; NAN when there is none */
} dt__trait;

/* All single numbers of a drummer; ends with an entry without a word. Two of the same word stand
 * beside each other and differ in their unit. */
extern const dt__trait dt__traits[];

/* Words of the limbs, by voice, and what follows them; offsets count from limb 0. */
extern const char* const dt__limb_words[DT_VOICE_COUNT];
extern const dt__trait dt__limb_traits[];

/* One whole number of a dt_drummer. */
typedef struct dt__whole {
  const char* word;
  size_t offset; /* of an int in dt_drummer */
  int low;       /* what its word takes */
  int high;
} dt__whole;

extern const dt__whole dt__wholes[];

/* What a place in the bar may be: the number after "at", and its offset. */
extern const dt__trait dt__place_beat_trait;
extern const dt__trait dt__place_trait;

bool dt__trait_allows(const dt__trait* trait, double value);
double* dt__trait_in(const dt__trait* trait, dt_drummer* drummer);
int* dt__whole_in(const dt__whole* whole, dt_drummer* drummer);

/* Every value of the drummer against its range. */
dt_status dt__drummer_check(const dt_drummer* drummer, dt_error* err) DT_NODISCARD;

#endif
