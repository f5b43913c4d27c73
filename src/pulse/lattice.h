#ifndef DT_LATTICE_H
#define DT_LATTICE_H

#include "dt/arena.h"
#include "patterns.h"

/*
 * The semi-Markov lattice: at every frame of 10 ms, for every beat length, the best score of having
 * just begun each segment there. Scores are log probabilities (evidence tempered by KAPPA),
 * relative to strokes that fall anywhere at the rate at which they fall.
 *
 *   begun(t, i, next(g)) = max over lengths i' near i of  begun(t - length, i', g) + evidence
 *                          or a new start, from the best that was ever reached
 *
 * Cells below the beam are not kept.
 */
enum {
  DT__FRAMES_PER_S = 100,
  DT__LENGTHS = 101, /* of a beat, in frames: 20, 21 ... 50, then by 2 % to 200 */
  DT__LENGTH_MAX = 200,
  DT__WIDTH = (DT__SEGMENTS + 7) / 8 * 8,
  DT__REACH = 3,     /* steps of length from beat to beat */
  DT__HEARD = 256,   /* strokes kept, power of two */
  DT__COUNTS = 32,   /* strokes a beat that are told apart */
  DT__HISTORY = 512, /* frames, power of two: > 3/2 of the longest beat */
  DT__RESTART = 127  /* a step that is none */
};

typedef struct dt__heard {
  double frame; /* its time, in frames */
  float weight; /* 0..1 */
  int group;
} dt__heard;

typedef struct dt__place {
  int frame;  /* where the segment begins; < 0: nowhere */
  int length; /* index */
  int segment;
  float score;
} dt__place;

typedef struct dt__evidence {
  float place[DT__GROUPS + 1][DT__BINS][DT__WIDTH]; /* KAPPA log density ratio */
  float count[DT__BINS + 1][DT__COUNTS][DT__WIDTH]; /* KAPPA log P(so many by this part) n! */
} dt__evidence;

/* How a cell came about, for tracing back. */
typedef struct dt__origin {
  unsigned char length;
  signed char step[DT__WIDTH];      /* length it came from, less this one; or DT__RESTART */
  unsigned char last[DT__PATTERNS]; /* the segment before a pattern's first */
} dt__origin;

typedef struct dt__recorder {
  const dt_allocator* allocator;
  dt__origin* origins; /* of the cells kept, frame by frame */
  size_t count, capacity;
  size_t* first;   /* index of a frame's first cell; one more than frames */
  dt__place* base; /* of each frame: what a restart there goes on from */
  dt_status status;
} dt__recorder;

typedef struct dt__lattice {
  dt_beat_config config;
  int length[DT__LENGTHS];       /* frames */
  int ring[DT__LENGTHS];         /* cells kept of a length: 3/2 of it, and one */
  float log_length[DT__LENGTHS]; /* KAPPA log seconds */
  float start_prior[DT__LENGTHS];
  float tempo_prior[DT__LENGTHS][DT__PATTERNS]; /* of a bar of the pattern */
  float segment_prior[DT__WIDTH];
  float start_segment[DT__WIDTH];     /* where a piece begins */
  double tap[3];                      /* the last taps, frames; < 0: none */
  int next[DT__SEGMENTS];             /* -1 at the end of a bar */
  unsigned char uneven[DT__SEGMENTS]; /* segments of three halves of a beat */
  int uneven_count;
  int low, high; /* lengths allowed, from low to below high */
  dt__evidence* evidence;
  float* cell[DT__LENGTHS];        /* ring x DT__WIDTH: scores of segments begun */
  float* cell_best[DT__LENGTHS];   /* ring: the best of them; -INFINITY where none are kept */
  float* arrival;                  /* DT__LENGTHS x DT__WIDTH: scores of segments that end now */
  float arrival_best[DT__LENGTHS]; /* -1e30: none */
  float floor;                     /* what is below is not kept */
  dt__heard heard[DT__HEARD];
  unsigned heard_count; /* ever */
  unsigned dropped_count;
  double null_score[DT__HISTORY]; /* before each frame */
  double rate;                    /* strokes a second, lately */
  double group_count[DT__GROUPS];
  double known_count;
  double drum_score;
  double score_before;       /* what has been taken off all scores */
  double usual_gain;         /* of the score in LENGTH_MAX frames */
  float recent[DT__HISTORY]; /* best arrival of each frame */
  dt__place base;            /* the best that was ever reached */
  int frame;                 /* the one that comes next */
  dt__recorder* recorder;    /* NULL: none */
} dt__lattice;

/* Takes what it points to. */
void dt__lattice_lay_out(dt__lattice* lattice, dt_arena* arena);
void dt__lattice_init(dt__lattice* lattice, const dt_beat_config* config);
void dt__lattice_reset(dt__lattice* lattice);
void dt__lattice_hear(dt__lattice* lattice, const dt__heard* stroke);

/* The next frame; what was struck before it has been heard. */
void dt__lattice_step(dt__lattice* lattice);

int dt__segment_frames(const dt__lattice* lattice, int length, int segment);

/* Readings at this moment, best first, each of another tempo or phase; returns how many. */
size_t dt__lattice_best(const dt__lattice* lattice, dt__place* out, size_t capacity);

/* Scores, now, of the reading's segments, whichever is playing. */
void dt__lattice_segments(const dt__lattice* lattice, const dt__place* at, float* score);

/* That strokes with this score have a steady pulse at all. */
double dt__pulse_probability(const dt__lattice* lattice, double score);

bool dt__beat_config_ok(const dt_beat_config* config);

void dt__evidence_fill(dt__evidence* evidence);

/* Scores of all segments that begin at `begin` (frames) with beats of a length, for what was struck
 * from there until `end`, their own end or now. */
void dt__evidence_score(const dt__lattice* lattice, int begin, int end, int length, float* out);
/* Of those that are one beat long; of one that is half as long again. */
void dt__evidence_plain(const dt__lattice* lattice, int begin, int end, int length, float* out);
float dt__evidence_long(const dt__lattice* lattice, int begin, int end, int length, int segment);

#endif
