#ifndef DT_FOLLOW_H
#define DT_FOLLOW_H

#include "fine.h"

enum { DT__PENDING = 64, DT__READINGS = 8 };

struct dt_follower {
  size_t size;
  dt__lattice lattice;
  dt__fine fine;
  dt__loudness loudness;
  dt__heard pending[DT__PENDING]; /* given, but not reached yet */
  unsigned pending_count;
  dt__place reading[DT__READINGS]; /* as last looked at, best first */
  size_t reading_count;
  dt__place mine; /* the one that is followed */
  bool is_following;
  int sure_beats;
  int beats_followed;
  double called_s; /* the last beat called */
  double last_stroke_s;
  double fine_length_s;
  dt_follower_state state;
};

#endif
