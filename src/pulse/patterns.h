#ifndef DT_PATTERNS_H
#define DT_PATTERNS_H

#include "dt/beats.h"
#include "patterns_size.h"

/*
 * Bar patterns: patterns_table.c is made by train/fit_pulse.py. A segment is one beat of one
 * pattern; those of a pattern follow each other in the table.
 */
typedef struct dt__pattern {
  unsigned char meter;     /* index into dt_beat_meters */
  unsigned char span;      /* dt_beat_span */
  unsigned char first;     /* segment */
  unsigned char count;     /* of segments */
  unsigned char is_uneven; /* has segments of three halves of a beat */
  float log_prior;
  float tempo_mean; /* log2 of beats a minute at which it is played */
  float tempo_sd;   /* octaves */
} dt__pattern;

extern const dt__pattern dt__patterns[DT__PATTERNS];
extern const unsigned char
    dt__segment_halves[DT__SEGMENTS];                 /* 2; 3 for a beat half as long again */
extern const float dt__segment_strokes[DT__SEGMENTS]; /* mean number of strokes in it */
extern const float dt__group_share[DT__GROUPS];       /* of all strokes; 1 for a drum unknown */
extern const signed char dt__segment_places[DT__SEGMENTS][DT__GROUPS][DT__BINS];

enum { DT__GROUP_UNKNOWN = DT__GROUPS - 1, DT__GROUP_TAP = DT__GROUPS };

const dt__pattern* dt__pattern_of(int segment);

/* Running means of velocity tell loud strokes from soft ones. */
typedef struct dt__loudness {
  double mean[DT__GROUPS];
  int count[DT__GROUPS];
} dt__loudness;

/* The group a stroke belongs to. */
int dt__group_of(dt__loudness* loudness, const dt_stroke* stroke);

#endif
