#ifndef DT_PRACTISE_H
#define DT_PRACTISE_H

#include "dt/marks.h"

/*
 * What to practise: the weakest things of a take, at most three, each with the bars where it
 * happens and the effect it has on the whole, in one sentence.
 *
 * A thing is named only when it is surely there (the interval of its number, widened for the many
 * things that are looked at, leaves out zero), large enough for a listener or a teacher to notice,
 * and not explained by something more particular. They are ranked by how far they exceed what is
 * noticed; what is seldom played counts less. So a clean take gets
 * none; nor does one too short to tell.
 */
typedef enum dt_weakness {
  DT_WEAK_MISSED,        /* notes left out, wrong drums, extra strokes, lost bars */
  DT_WEAK_DRIFT,         /* rushing or dragging throughout */
  DT_WEAK_SCATTER,       /* loose altogether */
  DT_WEAK_FILLS,         /* the tempo moves in or after fills */
  DT_WEAK_SECTIONS,      /* the tempo steps at section changes */
  DT_WEAK_HAND_TIME,     /* one hand late or early */
  DT_WEAK_HAND_SCATTER,  /* one hand loose */
  DT_WEAK_HAND_LEVEL,    /* one hand weak */
  DT_WEAK_PLACE,         /* a voice late or early at one place of the bar */
  DT_WEAK_VOICE_SCATTER, /* one voice looser than the others */
  DT_WEAK_SWING,         /* swing uneven from pair to pair */
  DT_WEAK_SIXTEENTHS,    /* uneven sixteenths */
  DT_WEAK_UNISON,        /* strokes meant together come apart */
  DT_WEAK_ROLL,          /* uneven roll */
  DT_WEAK_ROLL_HANDS,    /* one hand of a roll late or weak */
  DT_WEAK_ROLL_BREAKS,   /* a roll that breaks down */
  DT_WEAK_FLAM,          /* flams too flat, too wide or uneven */
  DT_WEAK_GHOSTS,        /* ghost notes too loud */
  DT_WEAK_ACCENTS,       /* accents too weak */
  DT_WEAK_EVENNESS,      /* uneven loudness */
  DT_WEAK_OPENNESS,      /* a hi-hat that does not close */
  DT_WEAK_TIRING,        /* looser, softer or slower towards the end */
  DT_WEAKNESS_COUNT
} dt_weakness;

#define DT_PRACTISE_MAX      3
#define DT_PRACTISE_BARS_MAX 8
#define DT_PRACTISE_TEXT_MAX 240

typedef struct dt_practise_line {
  dt_weakness weakness;
  dt_voice voice;                  /* that it concerns; DT_VOICE_COUNT: none in particular */
  double severity;                 /* times what is noticed, at least 1 */
  dt_estimate size;                /* of the thing, in its own unit */
  int bars[DT_PRACTISE_BARS_MAX];  /* from 1, rising: where it is worst */
  int bar_count;                   /* 0: everywhere */
  char text[DT_PRACTISE_TEXT_MAX]; /* one sentence, UTF-8 */
} dt_practise_line;

typedef struct dt_practise {
  dt_practise_line lines[DT_PRACTISE_MAX]; /* the weakest first */
  int count;
} dt_practise;

/* "tempo at fills" ...: a short name; "" for no weakness. Static storage. */
const char* dt_weakness_name(dt_weakness weakness);

struct dt_study;

/* From all the rest of the study, which must be made. docs/practise.md says what each line means
 * and from where on it is noticed. Without a chart what is steady is left alone: it may be meant.
 * Errors: DT_NO_MEMORY; *practise is then empty. Deterministic. Any thread; not real-time. */
dt_status dt_practise_make(dt_practise* practise, const dt_allocator* allocator,
                           const dt_verdict* verdict, const struct dt_study* study) DT_NODISCARD;

#endif
