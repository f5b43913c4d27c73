#ifndef DT_LEADER_INTERNAL_H
#define DT_LEADER_INTERNAL_H

#include "dt/leader.h"

/* What is going on. */
typedef enum dt__leading {
  DT__ASKING,  /* the coach says what is next at the next step */
  DT__PLAYING, /* a take */
  DT__RESTING,
  DT__PAUSED,
  DT__OVER
} dt__leading;

/* The take that is being played, or was last. */
typedef struct dt__leader_take {
  dt_part part;
  const dt_chart* chart;
  dt_frame start; /* of the count-in: time 0 of the take */
  dt_frame first; /* of its first bar */
  dt_frame end;
  dt_tick part_tick; /* length of the count-in */
  dt_take take;
  dt_judge_config config;
  dt_alignment alignment;
  dt_verdict verdict;
  dt_study study;
  bool is_judged; /* verdict and alignment hold something */
  bool is_studied;
  dt_bar_heard bars[DT_STOP_BARS_MAX];
  int bars_done;
  int cues_sent;
  dt_frame gap_frames;
  bool is_count_in_lost;
} dt__leader_take;

struct dt_leader {
  const dt_allocator* allocator;
  dt_leader_config config;
  dt_coach coach;
  dt_instruction ask;
  dt__leading state;
  int64_t steps;
  dt_frame now;
  dt_frame deaf_until; /* frames before it are lost */
  dt_frame rest_from;
  dt_frame rest_until;
  bool pressed[DT_KEY_COUNT];
  bool heard_any; /* a stroke since the pause began */
  int take_count;
  dt__leader_take take;
  dt_band_song** songs; /* lent to the band, and not given back */
  size_t song_count;
  size_t song_room;
  dt_lead* queue;
  size_t first;
  size_t waiting;
  size_t lost;
};

/* Appends an event of that kind, everything else zero; never NULL (a lost one is written over). */
dt_lead* dt__lead_add(dt_leader* leader, dt_lead_kind kind);
dt_band_command* dt__lead_band(dt_leader* leader, dt_band_command_kind kind, dt_frame at);

/* leader_take.c */
dt_status dt__take_begin(dt_leader* leader);
void dt__take_cues(dt_leader* leader);
/* Judges the bars that are over; *stop says whether the take cannot be saved. */
dt_status dt__take_bars(dt_leader* leader, dt_stop* stop, dt_error* err);
/* Judges the whole, tells the coach, and adds DT_LEAD_JUDGED. */
dt_status dt__take_finish(dt_leader* leader, const dt_stop* stop, bool abandoned, dt_error* err);
void dt__take_clear(dt_leader* leader);
dt_frame dt__take_frame(const dt_leader* leader, dt_tick tick);

/* leader_stroke.c */
dt_status dt__take_stroke(dt_leader* leader, const dt_stroke* stroke);

#endif
