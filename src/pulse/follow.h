#ifndef DT_FOLLOW_H
#define DT_FOLLOW_H

#include "fine.h"
#include "reading.h"

enum { DT__PENDING = 64, DT__READINGS = 8, DT__SPOTS = 256 };

/* The strokes of late, in beats of the pulse that is followed, and how they are read. Beats of the
 * pulse are counted from where it was taken up. */
typedef struct dt__read {
  dt__spot spots[DT__SPOTS]; /* ring */
  unsigned spot_count;       /* ever, of this pulse */
  bool has_start;            /* the first of them was the first stroke of all */
  double anchor_s;           /* a beat of the pulse, lately ... */
  double anchor;             /* ... and its number */
  bool is_read;              /* else the lattice's own reading counts */
  dt__reading now;
  int held;       /* decisions in a row that took it */
  double against; /* what speaks against it, summed over decisions, log odds */
  double octave_p[DT__READ_OCTAVES];
} dt__read;

struct dt_follower {
  size_t size;
  dt__lattice lattice;
  dt__fine fine;
  dt__read read;
  dt__loudness loudness;
  dt__heard pending[DT__PENDING]; /* given, but not reached yet */
  unsigned pending_count;
  dt__place reading[DT__READINGS]; /* as last looked at, best first */
  size_t reading_count;
  dt__place mine; /* the one that is followed */
  bool is_following;
  int sure_beats;
  int between; /* decisions for beats between those of the pulse, in a row */
  int others;  /* decisions for another metre than four, in a row */
  int beats_followed;
  double called_s; /* the last beat called */
  double last_stroke_s;
  double fine_length_s;
  double due_s; /* nothing is to be done before */
  bool is_stale;
  dt_follower_state state;
};

/* Place in the pulse, beats. */
double dt__pulse_at(const dt_follower* follower, double time_s);
/* And when a place comes. */
double dt__pulse_time(const dt_follower* follower, double place);
/* The pulse has been taken up; what was heard is placed in it. */
void dt__read_start(dt_follower* follower, double now_s);
void dt__read_stroke(dt_follower* follower, const dt__heard* stroke);
/* Judges all readings. */
void dt__read_judge(dt_follower* follower, double now_s);

#endif
