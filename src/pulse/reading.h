#ifndef DT_READING_H
#define DT_READING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How a steady pulse is to be read: at which octave the beat is, and which of them is "one". The
 * lattice finds the pulse; what bars look like was learned by telling true bars of 4/4 from wrong
 * ones (train/fit_reading.py -> reading_table.c). A reading is given a profile: how often each
 * group of drums strikes at each eighth place of each beat of the bar, on average over the strokes
 * that are given; its tempo; where in the bar the playing begins and ends; and what comes again and
 * what is unusual (recur.h). A net of one hidden layer says how much that looks like a bar; and
 * how much it does without each group of drums in turn, of which the mean is taken.
 */
enum {
  DT__READ_OCTAVES = 5, /* a quarter of the pulse to four times it */
  DT__READ_HALVES = 8,  /* half beats of the bar that "one" may fall on */
  DT__READ_MAX = DT__READ_OCTAVES * DT__READ_HALVES,
  DT__READ_GROUPS = 11,
  DT__READ_PLACES = 8, /* of a beat: sixths and quarters */
  DT__READ_PROFILE = 4 * DT__READ_PLACES * DT__READ_GROUPS,
  DT__READ_TEMPI = 12,
  DT__READ_EDGE = 17,                  /* sixteenths of the bar, and not known */
  DT__READ_LAGS = 5,                   /* of 1, 2, 4, 8 and 16 beats */
  DT__READ_REPEAT = 2 * DT__READ_LAGS, /* all drums; kick and loud snare */
  DT__READ_INPUTS =
      DT__READ_PROFILE + DT__READ_TEMPI + 2 * DT__READ_EDGE + DT__READ_REPEAT + 2 * DT__READ_HALVES,
  DT__READ_HIDDEN = 48 /* two nets side by side */
};

/* A stroke in beats of the pulse. */
typedef struct dt__spot {
  double beat;
  float weight;
  int group; /* of dt__group_of */
} dt__spot;

/* Beats come 2^octave times as often as those of the pulse; "one" is half / 2 of the reading's
 * beats after beat 0 of the pulse, and every four beats. */
typedef struct dt__reading {
  int octave;
  int half;
  double log_p; /* they sum to 1 */
} dt__reading;

typedef struct dt__read_span {
  double beats; /* of the pulse */
  double beat_s;
  bool has_start; /* the first spot is the first stroke of all */
  bool has_end;   /* the last one is the last */
  bool on_beat;   /* the pulse's beats are known to be beats (they were tapped) */
  double low_bpm; /* of readings */
  double high_bpm;
} dt__read_span;

/* All readings of spots in order; returns how many, at most DT__READ_MAX. 0 when the drums are not
 * known. */
size_t dt__readings(const dt__spot* spots, size_t count, const dt__read_span* span,
                    dt__reading* out);

/* The place, counted in DT__READ_PLACES a beat, at or before a stroke, and how far it is on its way
 * to the next, 0..1. */
long dt__read_place(double beat, double* late);

/* reading_table.c */
extern const float dt__read_scale[DT__READ_HIDDEN]; /* of the row of weights */
extern const float dt__read_bias[DT__READ_HIDDEN];
extern const float dt__read_out[DT__READ_HIDDEN];
extern const float dt__read_linear_scale;
extern const signed char dt__read_linear[DT__READ_INPUTS];
extern const signed char dt__read_weight[DT__READ_HIDDEN][DT__READ_INPUTS];

#endif
