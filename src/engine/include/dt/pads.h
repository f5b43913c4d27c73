#ifndef DT_PADS_H
#define DT_PADS_H

#include "dt/alloc.h"
#include "dt/drum.h"
#include "dt/error.h"
#include "dt/port.h"
#include "dt/sink.h"
#include "dt/take.h"

/*
 * An e-kit learned by striking its pads on request: which notes a pad sends, how soft and how loud,
 * which notes come that nobody struck (ghosts), and which pad speaks later than another.
 *
 *   dt_pads* pads = dt_pads_new(NULL, rate_hz);
 *   dt_pads_ask(pads, DT_SNARE);            // "Strike the snare 5 times"
 *   ... dt_pads_midi(pads, frame, bytes, size) until dt_pads_struck(pads) is 5
 *   dt_pads_ask(pads, DT_KICK); ...
 *   dt_pads_ask_together(pads, 0, 1);       // "Strike snare and kick together 8 times"
 *   dt_pads_write(pads, sink);              // the kit's map, for --kit-map
 *
 * Notes that come within DT_PADS_STROKE_MS of the first one are one stroke; its loudest note is the
 * one that was struck. A ghost is another note of that stroke:
 *
 * - double trigger: the same pad's note again, within DT_PADS_STROKE_MS;
 * - crosstalk: another pad's note within DT_PADS_CROSSTALK_MS before or after, at no more than
 *   DT_PADS_SOFT of the velocity. Louder ones are somebody's stroke: counted as stray.
 *
 * A function of what was put in, but for dt_pads_process. One thread at a time.
 */
typedef struct dt_pads dt_pads;

#define DT_PADS_MAX          24   /* asked for */
#define DT_PADS_PAIRS_MAX    24   /* asked for together */
#define DT_PADS_NOTES_MAX    8192 /* more are counted, not kept */
#define DT_PADS_STROKE_MS    80.0
#define DT_PADS_CROSSTALK_MS 10.0
#define DT_PADS_SOFT         0.5

/* NULL without memory; all of it is taken here. rate_hz: 8000..768000. */
dt_pads* dt_pads_new(const dt_allocator* allocator, int rate_hz) DT_NODISCARD;
void dt_pads_free(dt_pads* pads);

/* What is struck from now on is meant for this drum. Returns its number, from 0; -1: too many. */
int dt_pads_ask(dt_pads* pads, dt_drum drum);

/* From now on these two are meant, at once: numbers of dt_pads_ask. False: too many, or no such. */
bool dt_pads_ask_together(dt_pads* pads, int first, int second);

/* What came since the last ask is forgotten, and nothing is meant until the next. */
void dt_pads_skip(dt_pads* pads);

/* A message at a frame; frames do not go back. Other than note-ons nothing counts. */
void dt_pads_midi(dt_pads* pads, dt_frame at, const uint8_t* bytes, int size);

/* Strokes since the last ask; of a pair only those in which both pads spoke. */
int dt_pads_struck(const dt_pads* pads);

/* The last note came so long ago, ms, at this frame; INFINITY where none came since the ask. */
double dt_pads_quiet_ms(const dt_pads* pads, dt_frame now);

/* ---- Live -------------------------------------------------------------------------------- */

/* The port's callback; context is the dt_pads. Real-time safe. */
void dt_pads_process(void* context, const dt_port_block* block) DT_NONBLOCKING;

/* Takes what the callback left, and returns the frame up to which all is heard. */
dt_frame dt_pads_hear(dt_pads* pads);

/* Messages that came and were not kept: the queue or the list was full. */
uint64_t dt_pads_lost(const dt_pads* pads);

/* ---- What was found ---------------------------------------------------------------------- */

typedef struct dt_pads_ghost {
  int note;         /* came */
  int of;           /* when this one was struck; the same: a double trigger */
  int times;        /* of `strokes` strokes */
  int strokes;      /* on that note */
  double within_ms; /* the farthest */
  double loudest;   /* its velocity over the struck one's, the largest */
  double threshold; /* suggested: softer than this share of the struck note's velocity is a ghost */
} dt_pads_ghost;

#define DT_PADS_GHOSTS_MAX 16
#define DT_PADS_NOTES_PAD  8

typedef struct dt_pads_pad {
  dt_drum drum;
  int strokes;
  int notes[DT_PADS_NOTES_PAD]; /* the pad's, the commonest first: struck twice or more */
  int note_count;
  int lowest;     /* velocity; 0: nothing was struck */
  double typical; /* its median */
  int strays;     /* strokes whose loudest note is not the pad's, and loud notes beside it */
  dt_pads_ghost ghosts[DT_PADS_GHOSTS_MAX];
  int ghost_count;
  int same_as; /* an earlier pad that sends the same note and keeps it; -1 */
} dt_pads_pad;

int dt_pads_count(const dt_pads* pads);

/* False where pad is out of range. */
bool dt_pads_pad_of(const dt_pads* pads, int pad, dt_pads_pad* found);

/* How much later the second speaks when both are struck at once. The hands' own lead is in it: it
 * is told, and not subtracted. */
typedef struct dt_pads_pair {
  dt_drum first;
  dt_drum second;
  int times;
  double delay_ms; /* median; NAN below 6 times: not measured */
  double low_ms;   /* its interval of at least 95 %, from the order of the delays */
  double high_ms;
} dt_pads_pair;

int dt_pads_pair_count(const dt_pads* pads);
bool dt_pads_pair_of(const dt_pads* pads, int pair, dt_pads_pair* found);

/* The kit's map: lines that dt_kitmap_extend reads, ghost rules as below, the rest as comments.
 * Both of a kit's hi-hats on one note are written as `hihat`. Errors: the sink's, DT_NO_MEMORY. */
dt_status dt_pads_write(const dt_pads* pads, dt_sink sink) DT_NODISCARD;

/* ---- Ghosts left out --------------------------------------------------------------------- */

/*
 * A rule stands in the map behind "#:", so that who does not know it takes it for a comment:
 *
 *   #: ghost 48 of 38 within 10 ms below 0.35
 *
 * Note 48 within 10 ms of note 38, at less than 0.35 of its velocity, was not struck. 48 of 48 is a
 * double trigger: then only what follows counts.
 */
typedef struct dt_ghost_rule {
  uint8_t note;
  uint8_t of;
  dt_frame within_frames;
  double below;
} dt_ghost_rule;

#define DT_GHOST_RULES_MAX 128
#define DT_GHOST_HELD_MAX  32

/* Where they are applied: here and nowhere else. Zero and nothing is left out. */
typedef struct dt_ghosts {
  dt_ghost_rule rules[DT_GHOST_RULES_MAX];
  int rule_count;
  dt_frame last_at[128]; /* of the note before; meaningful where last_velocity is not 0 */
  uint8_t last_velocity[128];
  struct {
    dt_frame at;
    dt_frame until;
    uint8_t note;
    uint8_t velocity;
    float openness;
  } held[DT_GHOST_HELD_MAX]; /* in the order they came */
  int held_count;
  uint64_t left_out;
  uint64_t lost; /* more held than there is room for: 32 within 50 ms is no drummer */
} dt_ghosts;

/* Takes the rules of a map's text; *ghosts begins anew. Lines without "#:" are passed over. within:
 * 0.1..50 ms, below: 0.01..1. Errors: DT_BAD_DATA with "Line N: ..."; *ghosts is then zero. */
dt_status dt_ghosts_parse(dt_ghosts* ghosts, const char* text, size_t size, int rate_hz,
                          dt_error* err) DT_NODISCARD;

/* A note-on comes. It is kept, or left out, or makes one that is held be left out. A note that the
 * next milliseconds may prove a ghost is held. openness goes with it. Frames do not go back. */
void dt_ghosts_put(dt_ghosts* ghosts, dt_frame at, int note, int velocity, float openness);

/* Of the notes that are free at frame `now` the one that came first; false: none. One that is not
 * held is free at once. */
bool dt_ghosts_next(dt_ghosts* ghosts, dt_frame now, dt_frame* at, int* note, int* velocity,
                    float* openness);

/* Leaves out of a take that came by MIDI what the rules say nobody struck; returns how many
 * strokes. The strokes must be sorted; those without a note stay. *ghosts as dt_ghosts_parse made
 * it for this rate. */
size_t dt_ghosts_leave_out(dt_ghosts* ghosts, dt_take* take, int rate_hz);

/* The frame from which the next held note is free; INT64_MAX: none is held. */
dt_frame dt_ghosts_due(const dt_ghosts* ghosts);

#endif
