#ifndef DT_UNISON_H
#define DT_UNISON_H

#include "dt/marks.h"

/*
 * Strokes meant together: for every two voices that stand on the same place of the grid, which one
 * leads, by how much, and how much that varies. What the timekeeper does is in both and cancels.
 */
typedef struct dt_unison_pair {
  dt_voice first; /* the one that leads, as far as the mean says */
  dt_voice second;
  size_t count;           /* unisons */
  size_t same_time_count; /* of them, struck at the very same time */
  dt_estimate lead_ms;    /* how much `first` is before `second`, mean; >= 0 */
  dt_known leads;         /* DT_KNOWN: the interval of lead_ms excludes 0; else DT_CANT_TELL, or
                             DT_NOT_TESTABLE as spread_ms */
  dt_estimate spread_ms;  /* SD of the lead from unison to unison, the instrument's jitter (of both
                             strokes) off. DT_NOT_TESTABLE, as lead_ms, when the two are mostly heard
                             as one sound with one time (same_time_count), as recordings are */
} dt_unison_pair;

#define DT_UNISON_PAIRS_MAX (DT_VOICE_COUNT * (DT_VOICE_COUNT - 1) / 2)

typedef struct dt_unison {
  dt_unison_pair pairs[DT_UNISON_PAIRS_MAX]; /* most unisons first; pairs with at least one */
  size_t pair_count;
  size_t count;          /* unisons of all pairs */
  dt_estimate spread_ms; /* of all pairs, each about its own mean: root mean square */
} dt_unison;

/* Measures. Few unisons are not an error: DT_CANT_TELL. Errors: DT_NO_MEMORY (*unison is then
 * empty). Owns nothing. Deterministic. Any thread; not real-time. */
dt_status dt_unison_measure(dt_unison* unison, const dt_allocator* allocator,
                            const dt_marks* marks) DT_NODISCARD;

#endif
