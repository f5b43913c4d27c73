#ifndef DT_BENCH_FEEL_PLAYER_H
#define DT_BENCH_FEEL_PLAYER_H

#include "dt/align.h"
#include "dt/take.h"

/*
 * The virtual drummer (dt/drummer.h) on charts that the measures of feel need, and the true
 * alignment of what he played: who examines the measures must not lean on the aligner.
 */
typedef struct feel_how {
  const char* chart; /* "rock", "shuffle", "jazz", "fills", "sections", or a sticking: "RLRR" */
  double bpm;
  int bars;
  bool click;
  double motor_ms;                      /* SD of each stroke */
  double voice_scatter[DT_VOICE_COUNT]; /* factor on it; 0 counts as 1 */
  double left_scatter;                  /* likewise, of the left hand */
  double clock_ms;                      /* timekeeper, SD per beat */
  double alpha;                         /* its correction, per beat */
  double pink_ms;                       /* 1/f, one value a step of the chart */
  double swing;                         /* share; 0: straight */
  double wobble;                        /* SD of the share from pair to pair */
  double drift_bpm_per_min;
  double voice_ms[DT_VOICE_COUNT];
  double left_ms;
  double backbeat_ms; /* snare on 2 and 4, on top of its voice_ms */
  double left_db;     /* level of the left hand less that of the right */
  double gain_bpm;    /* tempo gained evenly over each fill and kept */
  double rush_bpm;    /* further tempo in a fill, not kept */
  double section_bpm; /* gained at each section change */
  double jitter_ms;   /* of the instrument */
} feel_how;

typedef struct feel_take {
  dt_chart chart;
  dt_take take;
  dt_alignment alignment;
} feel_take;

/* Exits when it cannot. */
void feel_play(const feel_how* how, uint64_t seed, feel_take* out);
void feel_clear(feel_take* t);

#endif
