#ifndef DT_TEXT_INTERNAL_H
#define DT_TEXT_INTERNAL_H

#include "chart_internal.h"
#include "dt/chart_text.h"

#define WHOLE_TICKS ((dt_tick)4 * DT_TICKS_PER_QUARTER)
#define LINES_MAX   64 /* lines of one stretch of bars: every drum, its hands, and the fills */

/* A piece of the text. */
typedef struct dt__slice {
  const char* at;
  const char* end;
} dt__slice;

typedef enum dt__line_kind {
  DT__LINE_DRUM,
  DT__LINE_HANDS,
  DT__LINE_FILL,
  DT__LINE_REST
} dt__line_kind;

/* A line of bars: "hi-hat |x-x-|". */
typedef struct dt__text_line {
  dt__line_kind kind;
  dt_drum drum; /* DT_DRUM_COUNT: hands that name no drum */
  dt__slice name;
  dt__slice cells; /* from behind the first bar line to the end of the line */
} dt__text_line;

typedef struct dt__text_section {
  char name[DT_CHART_NAME_MAX];
  int first_bar;
  int bar_end;
  size_t first_segment; /* of the order as the blocks say it */
  size_t segment_end;
} dt__text_section;

/* A block: what stands under one [name]. */
typedef struct dt__text_block {
  bool is_open;
  bool is_fill;
  bool is_new_section;
  const char* at; /* its '[', for complaints */
  int times;
  int first_bar;
  dt_tick start;
  char name[DT_CHART_NAME_MAX];
} dt__text_block;

typedef struct dt__text_parser {
  dt_chart* chart;
  const dt_allocator* allocator;
  dt_error* err;
  const char* text; /* all of it */
  const char* end;

  /* What holds for the next bars. */
  dt_tick step;
  dt_tick roll_step;
  dt_meter meter;
  double us_per_quarter;
  const char* setting_at; /* a setting that no bars follow yet; NULL: none */

  /* The bars being read: lines that stand together, one bar under the other. */
  dt__text_line lines[LINES_MAX];
  size_t line_count;
  const char* system_at; /* where they begin */
  const char* extra_at;  /* their first note, fill or tempo line; NULL: none */
  size_t system_notes;   /* notes before them */
  dt_tick system_tick;
  int system_bars;

  dt_tick tick; /* the end of the bars read so far, and how many they are */
  int bar_count;
  dt__text_block block;
  dt__text_section* sections;
  size_t section_count;
  size_t section_room;
  bool in_section;      /* the last of sections goes on */
  unsigned seen;        /* header keys, a bit each */
  dt__slice order;      /* the order line's value; at NULL: none */
  const char* times_at; /* where a block said how often, or a section was named again */

  dt_tick rolled_until[DT_DRUM_COUNT];
  dt_tick last_end; /* the latest end of a roll or fill, which must lie inside, and who says it */
  const char* last_end_at;
  dt_tick fill_until; /* the latest end of a fill */

  /* Inside one line of bars. */
  dt_chart_note rolling; /* DT_ROLL while a roll goes on */
  const char* rolling_at;
  dt_tick fill_from; /* -1: no fill goes on */
  const char* fill_at;

  bool is_seeking; /* looking for where `sought` is struck, after skipping as many */
  dt_chart_note sought;
  int sought_skip;
  const char* found_at;
} dt__text_parser;

int dt__text_line_number(const dt__text_parser* p, const char* at);
int dt__text_column(const dt__text_parser* p, const char* at);

/* Ends a function with one sentence about the place `at`. */
#define FAIL_AS(p, at, status, format, ...)                                                        \
  dt_fail((p)->err, status, "Line %d, column %d: " format, dt__text_line_number(p, at),            \
          dt__text_column(p, at), __VA_ARGS__)
#define FAIL_AT(p, at, format, ...) FAIL_AS(p, at, DT_BAD_DATA, format, __VA_ARGS__)
#define FAIL_SAY(p, at, sentence)   FAIL_AT(p, at, "%s", sentence)

/* What a person is shown of the text: clean, and short. */
typedef struct dt__quote {
  char text[32];
} dt__quote;
dt__quote dt__text_quote(dt__slice slice);

/* Reading from a slice: each takes what it reads off its front. */
void dt__skip_space(dt__slice* s);
dt__slice dt__trimmed(dt__slice s);
dt__slice dt__take_word(dt__slice* s); /* to the next space */
bool dt__take_char(dt__slice* s, char c);
bool dt__slice_is(dt__slice s, const char* word); /* letters alike in both cases */
bool dt__take_count(dt__slice* s, int* count);    /* 0..999,999,999 */
bool dt__take_number(dt__slice* s, double* number);
/* "1/16", "240t", "1/8 triplets"; 0 where it is none or no whole number of ticks. */
dt_tick dt__take_duration(dt__slice* s);
bool dt__is_end(dt__slice s); /* nothing left but space or a comment */

dt_drum dt__text_drum(dt__slice name); /* DT_DRUM_COUNT: unknown */
const char* dt__text_drum_name(dt_drum drum);

dt_status dt__text_setting(dt__text_parser* p, dt__slice key, dt__slice value);
bool dt__text_is_key(dt__slice key);
dt_status dt__text_tempo_value(dt__text_parser* p, dt__slice* value, double* us);

/* The bars in p->lines, and the lines between text positions system_at and `until`. */
dt_status dt__text_bars(dt__text_parser* p, const char* until);
/* A note for the chart (or only looked at, while seeking). */
dt_status dt__text_emit(dt__text_parser* p, const dt_chart_note* note, const char* at);
dt_status dt__text_fill(dt__text_parser* p, dt_tick start, dt_tick end, dt__slice name,
                        const char* at);
dt_status dt__text_hands(dt__text_parser* p);
dt_status dt__text_note(dt__text_parser* p, dt__slice line);
dt_status dt__text_fill_line(dt__text_parser* p, dt__slice line);
dt_status dt__text_tempo_line(dt__text_parser* p, dt__slice value);
bool dt__is_note_line(dt__slice line);
bool dt__is_fill_line(dt__slice line);
bool dt__is_tempo_line(dt__slice line);

/* Calls of cells: how many bars a line has, and each of its cells. */
typedef dt_status (*dt__cell_fn)(dt__text_parser* p, const dt__text_line* line, dt_tick tick,
                                 const char* at);
int dt__text_count_bars(const dt__text_line* line);
dt_status dt__text_each_cell(dt__text_parser* p, const dt__text_line* line, dt__cell_fn call);

/* A drum's line and a line of fills, whole. */
dt_status dt__text_drum_line(dt__text_parser* p, const dt__text_line* line);
dt_status dt__text_fill_cells(dt__text_parser* p, const dt__text_line* line);

dt_status dt__text_block_head(dt__text_parser* p, dt__slice line);
dt_status dt__text_block_end(dt__text_parser* p);
dt_status dt__text_order(dt__text_parser* p);
dt_status dt__text_name(dt__text_parser* p, dt__slice from, char* to, size_t room);

/* The line of the text that begins at *at; moves *at behind it. */
dt__slice dt__text_next_line(const char** at, const char* end);

/* Which of the notes at one tick a letter of a `hands` line without a drum means: R and L the one
 * hand's drum, K and H the one foot's drum (the kick, the pedal, where both are struck). count
 * where none or more than one could be meant. */
size_t dt__hand_target(const dt_chart_note* notes, size_t count, char hand);

/* Writing. */
#define DURATION_TEXT_MAX 40
void dt__duration_text(dt_tick ticks, char text[DURATION_TEXT_MAX]);

#endif
