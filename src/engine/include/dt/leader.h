#ifndef DT_LEADER_H
#define DT_LEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/band.h"
#include "dt/coach.h"
#include "dt/error.h"
#include "dt/study.h"
#include "dt/take.h"

/*
 * The leader of a live session: strokes, keys and the position of the clock go in; what the band
 * plays, what the player is told and every judged take come out. It asks the coach what is next,
 * starts the band, judges bar by bar, stops a take that cannot be saved, and goes on.
 *
 * It is a function of its inputs: no clock, file or thread. Decisions are made every
 * DT_LEADER_STEP_HZ-th of a second of the stream, whatever the size of the blocks, so a session
 * that was recorded is replayed decision by decision (dt/session.h).
 *
 * Positions are frames of the stream, 0 at its start. Latency is subtracted here and nowhere else:
 * a stroke that arrives at time t was played to the click that went out at
 * t - latency_frames / rate_hz.
 *
 * One thread at a time; allocates; not real-time.
 */
typedef struct dt_leader dt_leader;

#define DT_LEADER_STEP_HZ 100

/* Whose time it is. */
typedef enum dt_leader_sync {
  DT_SYNC_NONE,       /* our own */
  DT_SYNC_MIDI_CLOCK, /* a MIDI clock's that comes in: dt_leader_clock */
  DT_SYNC_JACK,       /* the JACK transport's: dt_leader_transport */
  DT_SYNC_COUNT
} dt_leader_sync;
const char* dt_leader_sync_name(dt_leader_sync sync); /* "none" "midi-clock" "jack" */

typedef struct dt_leader_config {
  int rate_hz; /* 8000..192000 */
  const dt_plan* plan;
  const dt_chart* charts; /* one for each exercise; lent until dt_leader_free */
  const dt_past* past;    /* the history; copied; may be NULL with past_count 0 */
  size_t past_count;
  dt_coach_options options;
  bool heard;              /* strokes come from the ear, not from MIDI */
  double jitter_s;         /* SD that the instrument adds to every time (dt_take.clock_jitter_s) */
  dt_frame latency_frames; /* out of the loudspeaker and back in, as calibrated */
  bool no_rest; /* rests are skipped (demonstrations, tests); the limits of the day still hold */
  dt_leader_sync sync;
  bool has_band_line; /* a line is played along: its level goes with the click's, bar by bar */
} dt_leader_config;

/* Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a plan that dt_plan_check refuses, a rate out of range).
 * On failure *leader is NULL. */
dt_status dt_leader_new(dt_leader** leader, const dt_allocator* allocator,
                        const dt_leader_config* config) DT_NODISCARD;
void dt_leader_free(dt_leader* leader);

/* ---- In ------------------------------------------------------------------------------------ */

/* A stroke as it arrived; time_s in seconds of the stream, latency included. In any order within
 * the last 100 ms. Errors: DT_NO_MEMORY. */
dt_status dt_leader_stroke(dt_leader* leader, const dt_stroke* stroke) DT_NODISCARD;

typedef enum dt_leader_key {
  DT_KEY_GO,     /* pause, or go on: end a rest, begin after a pause */
  DT_KEY_AGAIN,  /* this take from the top */
  DT_KEY_NEXT,   /* the next exercise */
  DT_KEY_FINISH, /* that is all for today */
  DT_KEY_COUNT
} dt_leader_key;
const char* dt_leader_key_name(dt_leader_key key); /* "go" "again" "next" "finish" */

/* Takes effect at the next step. */
void dt_leader_press(dt_leader* leader, dt_leader_key key);

/* Frames `at` .. `at + frames - 1` were lost (the device was away, or jumped): a take in which that
 * happens is marked, and begun again where more than half a second of it is gone. Nothing is
 * decided for these frames: what would have begun in them begins after them. */
void dt_leader_gap(dt_leader* leader, dt_frame at, dt_frame frames);

/*
 * With a sync the tempo and the bar lines are somebody else's. A take waits until that clock runs,
 * its count-in begins at the next bar line of the clock's position (bars as long as the chart's
 * first, counted from position 0), and bar by bar the band's tempo is set so that its next line
 * falls on the clock's. The take's grid is what the band plays. A clock that stops or jumps ends
 * the take.
 */

/* A byte of a MIDI clock at a frame, in their order (dt/midiclock.h). */
void dt_leader_clock(dt_leader* leader, dt_frame at, uint8_t byte);

/* The transport from frame `at` on: whether it rolls, the frame where it stands at `at`, and the
 * tempo that a timebase master tells, quarters a minute (0: nobody does; then the coach's tempo
 * counts). To be called where it changes. */
void dt_leader_transport(dt_leader* leader, dt_frame at, bool is_rolling, dt_frame frame,
                         double bpm);

/* The band has given this song back (DT_BAND_RELEASED): it is freed. Without this call a song is
 * kept until dt_leader_free. */
void dt_leader_song_back(dt_leader* leader, const dt_band_song* song);

/* A take is being played, or counted in. */
bool dt_leader_is_playing(const dt_leader* leader);

/* The frame of the next step, and the step itself: all that came before that frame has been given.
 * Errors: DT_NO_MEMORY, and what the judge says; the session cannot go on then. */
dt_frame dt_leader_next_step(const dt_leader* leader);
dt_status dt_leader_step(dt_leader* leader, dt_error* err) DT_NODISCARD;

/* ---- Out ----------------------------------------------------------------------------------- */

typedef enum dt_lead_kind {
  DT_LEAD_BAND,   /* .command, for dt_band_put */
  DT_LEAD_TAKE,   /* a take begins: .ask, .start, .first, .end, .part */
  DT_LEAD_STROKE, /* .stroke and how it stands */
  DT_LEAD_BAR,    /* a bar is over: .bar */
  DT_LEAD_STOP,   /* the take is stopped: .text says why */
  DT_LEAD_JUDGED, /* the take is over: .judged */
  DT_LEAD_REST,   /* until .end; .text */
  DT_LEAD_PAUSE,  /* .text; DT_KEY_GO, or a stroke, goes on */
  DT_LEAD_DONE,   /* .text; the session is over */
  /* Said by the session at once (dt/session.h), not by the leader: no decisions, not recorded. */
  DT_LEAD_AWAY,   /* .text; the device is away, and waited for */
  DT_LEAD_BACK,   /* .text; it is back */
  DT_LEAD_TROUBLE /* .text; the session cannot be recorded any more, and goes on */
} dt_lead_kind;
const char* dt_lead_kind_name(dt_lead_kind kind);

/* A stroke against what was asked, at once. */
typedef struct dt_lead_stroke {
  dt_stroke stroke;     /* as it arrived */
  double asynchrony_ms; /* against the nearest note of its drum's voice within half a beat; NAN: it
                           belongs to none, or nothing is being played */
  int bar;              /* of the take, from 0; -1 outside */
  double beat;          /* of the bar, from 0, of the stroke itself */
} dt_lead_stroke;

/* A whole take, judged; borrowed, valid until the next dt_leader_step. */
typedef struct dt_lead_judged {
  int number; /* of the session, from 1 */
  const dt_take* take;
  const dt_chart* chart;
  const dt_judge_config* config;
  const dt_verdict* verdict;
  const dt_study* study;
  const dt_alignment* alignment;
  dt_shown shown;
  dt_clean clean;
  dt_frame gap_frames; /* lost within it */
  double latency_ms;   /* subtracted from every stroke */
  double jitter_ms;    /* of the instrument, subtracted from every scatter */
} dt_lead_judged;

typedef struct dt_lead {
  dt_lead_kind kind;
  dt_frame at; /* of the decision */
  dt_band_command command;
  dt_instruction ask;
  dt_frame start; /* first frame of the count-in */
  dt_frame first; /* of the first bar */
  dt_frame end;
  const dt_part* part; /* what is asked; lent until the next take begins */
  dt_lead_stroke stroke;
  dt_bar_heard bar;
  char text[DT_SAY_MAX];
  dt_lead_judged judged;
} dt_lead;

/* The next one, in order; false when there is none. Read them all after every call above: the first
 * DT_LEADER_QUEUE are kept, and more are counted as lost. */
#define DT_LEADER_QUEUE 1024
bool dt_leader_next(dt_leader* leader, dt_lead* lead);
size_t dt_leader_lost(const dt_leader* leader);

/* What is to be kept: dt_past of every exercise that was played. */
const dt_coach* dt_leader_coach(const dt_leader* leader);

#endif
