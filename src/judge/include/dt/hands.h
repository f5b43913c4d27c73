#ifndef DT_HANDS_H
#define DT_HANDS_H

#include "dt/marks.h"

/*
 * One limb against another, where the sticking is known: R and L hand, K right foot (kick), H left
 * foot (hi-hat). The hands are compared on the drums that both of them play, and loudness among
 * strokes written equally loud, so that a hand is not blamed for its drum or its accents.
 */
typedef enum dt_limb { DT_LIMB_RIGHT, DT_LIMB_LEFT, DT_LIMB_KICK, DT_LIMB_HIHAT } dt_limb;
#define DT_LIMB_COUNT 4

/* 'R' 'L' 'K' 'H' as a limb; DT_LIMB_COUNT for anything else. And "right hand" ...: static. */
dt_limb dt_limb_of_hand(char hand);
const char* dt_limb_name(dt_limb limb);

typedef struct dt_limb_timing {
  dt_limb limb;
  size_t count;
  dt_estimate offset_ms;  /* against the own pulse, all strokes of known limbs averaging 0 */
  dt_estimate scatter_ms; /* SD about the local pulse (the strokes next to it), jitter off */
  dt_estimate level_db;   /* mean level, as dt_mark.level_db; can't tell without velocity */
} dt_limb_timing;

/* One limb less another. */
typedef struct dt_limb_contrast {
  dt_limb limb;
  dt_limb than;
  bool same_drum;            /* compared on drums that both play */
  size_t count[2];           /* strokes that could be compared, of limb and of than */
  dt_estimate later_ms;      /* placement of limb less that of than: + is later */
  dt_estimate scatter_ratio; /* scatter of limb / scatter of than, about the local pulse */
  dt_estimate louder_db;     /* level of limb less that of than */
} dt_limb_contrast;

typedef struct dt_hands {
  dt_limb_timing limbs[DT_LIMB_COUNT]; /* those that play */
  size_t limb_count;
  dt_limb_contrast left_right; /* left hand less right; counts 0 and DT_NOT_TESTABLE where the
                                  sticking is not known or one hand does not play */
  dt_limb_contrast contrasts[DT_LIMB_COUNT * (DT_LIMB_COUNT - 1) / 2]; /* every two that play, the
                                                                          hands first */
  size_t contrast_count;
} dt_hands;

/* Measures. Few strokes are not an error: DT_CANT_TELL; no sticking anywhere: no limbs, and
 * DT_NOT_TESTABLE. Errors: DT_NO_MEMORY (*hands is then empty). Owns nothing. Deterministic. Any
 * thread; not real-time. */
dt_status dt_hands_measure(dt_hands* hands, const dt_allocator* allocator,
                           const dt_marks* marks) DT_NODISCARD;

#endif
