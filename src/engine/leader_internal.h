#ifndef DT_LEADER_INTERNAL_H
#define DT_LEADER_INTERNAL_H

#include "dt/leader.h"
#include "dt/midiclock.h"

/* What is going on. */
typedef enum dt__leading {
  DT__ASKING,  /* the coach says what is next at the next step */
  DT__WAITING, /* for somebody else's clock */
  DT__PLAYING, /* a take */
  DT__RESTING,
  DT__PAUSED,
  DT__OVER
} dt__leading;

/* A straight line through the clock's places of late, for a tempo that does not change. */
typedef struct dt__steady {
  dt_frame from;
  double from_tick;
  double count;
  double sum_x; /* frames since `from`, */
  double sum_y; /* ticks since from_tick */
  double sum_xx;
  double sum_xy;
} dt__steady;

/* Somebody else's clock, and how the take stands to it. */
typedef struct dt__sync {
  dt_midiclock clock;
  dt__steady steady;
  bool is_rolling; /* the transport: */
  dt_frame frame;  /* at known_at */
  dt_frame known_at;
  double told_bpm;
  dt_tick first_tick; /* of the clock, at the take's first bar */
  int bars_set;       /* bars of the take whose tempo is final */
  double song_bpm;    /* first tempo of the song that the band plays */
  double stretch;     /* by which its tempi have become slower */
} dt__sync;

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
  dt__sync sync;
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
/* Judges the bars that are over; *stop says whether the take cannot be saved. */
dt_status dt__take_bars(dt_leader* leader, dt_stop* stop, dt_error* err);
/* Judges the whole, tells the coach, and adds DT_LEAD_JUDGED. */
dt_status dt__take_finish(dt_leader* leader, const dt_stop* stop, bool abandoned, dt_error* err);
void dt__take_clear(dt_leader* leader);
dt_frame dt__take_frame(const dt_leader* leader, dt_tick tick);

/* leader_click.c: tells the band of bars that begin soon. */
void dt__take_cues(dt_leader* leader);

/* leader_sync.c: the clock is known well enough for a take to begin; always so without a sync. */
bool dt__sync_is_ready(const dt_leader* leader);
const char* dt__sync_wait_text(const dt_leader* leader);
/* At every step. */
void dt__sync_step(dt_leader* leader);
/* Before the part is made: the tempo is the clock's. */
void dt__sync_take_tempo(dt_leader* leader);
/* The frame of the count-in's first beat: on a bar line of the clock, `earliest` or later. */
dt_frame dt__sync_start(dt_leader* leader, dt_frame earliest);
/* The tempo of bars that begin soon. Errors: DT_NO_MEMORY. */
dt_status dt__sync_follow(dt_leader* leader);
/* Why the take cannot go on; NULL: it can. */
const char* dt__sync_trouble(const dt_leader* leader);

/* leader_stroke.c */
dt_status dt__take_stroke(dt_leader* leader, const dt_stroke* stroke);

#endif
