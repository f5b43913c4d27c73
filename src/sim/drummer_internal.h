#ifndef DT_DRUMMER_INTERNAL_H
#define DT_DRUMMER_INTERNAL_H

#include "dt/arena.h"
#include "dt/drummer.h"
#include "dt/rng.h"

/* One random sequence for each kind of noise. The first six are as old as the drummer: their
 * numbers and their order of drawing make a seed the same take for ever. */
enum {
  DT__STREAM_CLOCK = 1,
  DT__STREAM_MOTOR,
  DT__STREAM_PINK,
  DT__STREAM_VELOCITY,
  DT__STREAM_MISS,
  DT__STREAM_FLAM,
  DT__STREAM_DRAG,
  DT__STREAM_UNISON,
  DT__STREAM_SWING,
  DT__STREAM_OPENNESS,
  DT__STREAM_ROLL,
  DT__STREAM_ROLL_VELOCITY,
  DT__STREAM_WRONG,
  DT__STREAM_WRONG_DRUM,
  DT__STREAM_EXTRA,
  DT__STREAM_EXTRA_PLACE,
  DT__STREAM_SKIP,
  DT__STREAM_REPEAT
};

/* A bar as it is played. */
typedef struct dt__bar {
  dt_tick tick; /* as played */
  size_t part_bar;
  size_t first_beat; /* index of its first beat */
  dt_tick beat_ticks;
  size_t jumps; /* how often the player has left his way before or at this bar */
  bool jumped;
} dt__bar;

/* A note at one time of playing it. */
typedef struct dt__planned {
  size_t note;
  size_t bar;
  size_t ordinal; /* which draws are its own */
  dt_tick tick;   /* as played */
  double swung;   /* where the click's swing puts it, in ticks as played */
  double click_s; /* from the first beat */
  double own_s;
  double motor_ms;
  double steady_ms; /* offset_ms of the truth */
  double time_s;    /* of the main stroke, from the first beat */
  double motor;     /* standard normal draws */
  double velocity;
  double unison;
  double openness;
  double grace[2]; /* the grace strokes: -1, -2 */
  double missing;  /* uniform draws */
  double wrong;
  double extra;
  dt_drum drum; /* the one that is struck */
  dt_truth_fate fate;
  bool shared; /* another voice is written at the same tick */
} dt__planned;

typedef struct dt__extra {
  double own_s; /* from the first beat */
  double time_s;
  double click_s;
  dt_tick tick;
  size_t bar;
  dt_drum drum;
  double velocity; /* standard normal */
} dt__extra;

/* The player's pulse from own time own_s at click time click_s on: his tempo is `speed` times the
 * click's and grows by `growth` in every second of his own time. */
typedef struct dt__stretch {
  double click_s;
  double own_s;
  double speed;
  double growth;
} dt__stretch;

typedef struct dt__performance {
  const dt_drummer* drummer;
  const dt_part* part;
  double lead_in_s;
  double swing;
  dt_tick step;          /* the finest that all notes stand on, within limits */
  dt_tick longest_roll;  /* ticks */
  dt_tick end;           /* of the bars as played */
  unsigned char* choice; /* of part bars: what is to be done with each */
  dt__bar* bars;
  size_t bar_room;
  size_t bar_count;
  size_t skipped_count;
  size_t repeated_count;
  dt__planned* plan;
  size_t plan_room;
  size_t plan_count;
  dt__stretch* stretches;
  size_t stretch_room;
  size_t stretch_count;
  size_t beat_room;
  size_t beat_count;   /* beats, and the one after the last */
  double* heard_ms;    /* per beat: sum, then mean, of the motor noise of its strokes */
  double* heard_n;     /* per beat: how many strokes */
  double* internal_ms; /* per beat: the timekeeper's error B = A - M */
  double* pink;        /* re, im, re ...; NULL without pink noise */
  size_t pink_length;
  dt__extra* extras;
  size_t extra_room;
  size_t extra_count;
} dt__performance;

/* A sequence of its own for one thing of many (a roll, a pair that swings), whatever the others
 * draw. */
dt_rng dt__rng_of(const dt__performance* p, uint64_t stream, uint64_t which);

static inline const dt_chart_note* dt__note_of(const dt__performance* p, const dt__planned* plan) {
  return &p->part->notes[plan->note].note;
}

/* drummer_bars.c: which bars are played, and the beats in them. */
dt_status dt__choose_bars(dt__performance* p, dt_error* err) DT_NODISCARD;

/* drummer_plan.c: every note of every bar with its draws; what is missed. */
void dt__plan_notes(dt__performance* p);
void dt__miss_notes(dt__performance* p);

/* Where a tick of the part stands when it is played in that bar, swung by so much. */
double dt__swung(const dt__performance* p, const dt__bar* bar, double part_tick, double swing);

/* drummer_pulse.c: the player's own pulse. Seconds from the first beat. */
dt_status dt__lay_pulse(dt__performance* p, dt_error* err) DT_NODISCARD;
double dt__click_seconds(const dt__performance* p, double swung_ticks);
double dt__own_seconds(const dt__performance* p, double click_s);

/* drummer_clock.c: his timekeeper and the slow noise. */
void dt__run_timekeeper(dt__performance* p);
double dt__timekeeper_ms(const dt__performance* p, size_t bar, dt_tick tick);
void dt__run_pink(dt__performance* p);
double dt__pink_ms(const dt__performance* p, dt_tick tick);

/* drummer_offset.c: when the main strokes fall. */
double dt__scatter_ms(const dt_drummer* drummer, dt_drum drum, char hand, double minutes);
const dt_drummer_hand* dt__hand(const dt_drummer* drummer, char hand); /* NULL for neither */
void dt__scale_motor(dt__performance* p);
void dt__time_notes(dt__performance* p);

/* drummer_mistake.c: wrong drums and extra strokes. */
void dt__mistake_drums(dt__performance* p);
void dt__add_extras(dt__performance* p);

/* drummer_ornament.c: what is played around a main stroke. */
size_t dt__grace_count(const dt__performance* p, const dt__planned* plan);
/* How far grace stroke k = 0, 1 (-1, -2) goes before its note: as meant, and as drawn. */
double dt__grace_meant_s(const dt__performance* p, const dt__planned* plan, size_t k);
double dt__grace_gap_s(const dt__performance* p, const dt__planned* plan, size_t k);
size_t dt__roll_count(const dt__performance* p, const dt__planned* plan); /* 1 for no roll */
/* From the main stroke to the end of a roll; 0 for no roll. */
double dt__roll_span_s(const dt__performance* p, const dt__planned* plan);
void dt__write_roll(const dt__performance* p, const dt__planned* plan, const dt_truth* first,
                    dt_truth* rest);

/* drummer_stroke.c: the strokes of the plan. Errors: DT_NO_MEMORY, DT_TOO_LARGE. */
dt_status dt__write_truths(const dt__performance* p, const dt_allocator* allocator,
                           dt_truths* truths) DT_NODISCARD;
/* more: velocity that is added besides; normal: its own draw. */
float dt__velocity_of(const dt__performance* p, dt_loud loud, double more, char hand, double normal,
                      double own_s, size_t bar);

#endif
