#include <math.h>
#include <stdio.h>

#include "../support/failing_allocator.h"
#include "chart_random.h"
#include "dt/chart_midi.h"
#include "dt/part.h"
#include "dt/rng.h"
#include "exchange_support.h"

#define ROUNDS 300
#define SEED   7001

static void every_chart_comes_back_as_the_same_part(void** state) {
  (void)state;
  printf("seeds %d..%d\n", SEED, SEED + ROUNDS - 1);
  for (uint64_t seed = SEED; seed < SEED + ROUNDS; seed++) {
    dt_chart chart;
    dt_chart back;
    dt_part a;
    dt_part b;
    dt_chart_random(&chart, NULL, seed);
    assert_int_equal(dt_part_from_chart(&a, NULL, &chart, 0, 0), DT_OK);
    through_midi(&back, &chart);
    assert_int_equal(dt_part_from_chart(&b, NULL, &back, 0, 0), DT_OK);
    if (!dt_part_same(&a, &b))
      fail_msg("seed %llu: another part came back", (unsigned long long)seed);
    dt_part_clear(&a, NULL);
    dt_part_clear(&b, NULL);
    assert_string_equal(back.title, chart.title);
    assert_string_equal(back.name, chart.name);
    assert_string_equal(back.tags, chart.tags);
    assert_int_equal(back.step, chart.step);
    dt_chart_clear(&chart, NULL);
    dt_chart_clear(&back, NULL);
  }
}

static void a_repeated_section_begins_each_time(void** state) {
  (void)state;
  dt_chart chart;
  dt_chart back;
  assert_int_equal(dt_chart_init(&chart, NULL), DT_OK);
  chart.bar_count = 2;
  const dt_chart_span verse = {.start = 0, .end = 2 * 3840, .name = "Verse"};
  const dt_chart_segment twice = {.first_bar = 0, .bar_count = 2, .times = 2};
  assert_int_equal(dt_chart_add_span(&chart, NULL, &verse), DT_OK);
  assert_int_equal(dt_chart_add_segment(&chart, NULL, &twice), DT_OK);
  through_midi(&back, &chart);
  assert_int_equal(back.bar_count, 4);
  assert_int_equal(back.span_count, 2);
  assert_int_equal(back.spans[1].start, 2 * 3840);
  assert_string_equal(back.spans[1].name, "Verse");
  dt_chart_clear(&chart, NULL);
  dt_chart_clear(&back, NULL);
}

/* ---- files of other programs */

typedef struct hit {
  double tick; /* of a chart */
  int note;
  int velocity;
} hit;

#define HITS_MAX 4000

static dt_smf smf_of(dt_midi_event events[HITS_MAX], const hit* hits, size_t count, int division,
                     double bpm) {
  dt_smf smf = {.map = {.ticks_per_quarter = division}, .has_tempo = true};
  assert_int_equal(dt_tempo_map_set_tempo(&smf.map, NULL, 0, 6e7 / bpm), DT_OK);
  for (size_t i = 0; i < count; i++) {
    events[i] = (dt_midi_event){.tick = (dt_tick)llround(hits[i].tick * division / 960),
                                .status = 0x99,
                                .data1 = (uint8_t)hits[i].note,
                                .data2 = (uint8_t)hits[i].velocity};
    events[i].time_s = dt_tempo_map_seconds(&smf.map, (double)events[i].tick);
  }
  smf.events = events;
  smf.event_count = count;
  return smf;
}

static void read_hits(dt_chart* chart, const hit* hits, size_t count, int division, double bpm) {
  static dt_midi_event events[HITS_MAX];
  dt_smf smf = smf_of(events, hits, count, division, bpm);
  from_smf(chart, &smf);
  dt_tempo_map_clear(&smf.map, NULL);
}

static void is_note(const dt_chart_note* note, dt_tick tick, dt_drum drum, dt_loud loud,
                    dt_ornament ornament) {
  assert_int_equal(note->tick, tick);
  assert_int_equal(note->drum, drum);
  assert_int_equal(note->loud, loud);
  assert_int_equal(note->ornament, ornament);
}

static void notes_come_in_with_drum_and_loudness(void** state) {
  (void)state;
  static const hit hits[] = {{0, 36, 90},    {0, 42, 100},    {480, 42, 30},  {960, 38, 120},
                             {960, 42, 80},  {1920, 36, 90},  {2240, 38, 40}, {2560, 38, 40},
                             {3840, 49, 90}, {15360, 36, 100}};
  dt_chart chart;
  read_hits(&chart, hits, 10, 480, 97);
  assert_int_equal(chart.bar_count, 5);
  assert_int_equal(chart.note_count, 10);
  is_note(&chart.notes[0], 0, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart.notes[1], 0, DT_HIHAT_CLOSED, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart.notes[2], 480, DT_HIHAT_CLOSED, DT_LOUD_GHOST, DT_PLAIN);
  is_note(&chart.notes[3], 960, DT_SNARE, DT_LOUD_ACCENT, DT_PLAIN);
  is_note(&chart.notes[6], 2240, DT_SNARE, DT_LOUD_GHOST, DT_PLAIN);
  is_note(&chart.notes[7], 2560, DT_SNARE, DT_LOUD_GHOST, DT_PLAIN);
  is_note(&chart.notes[8], 3840, DT_CRASH, DT_LOUD_NORMAL, DT_PLAIN);
  assert_true(dt_tempo_map_bpm(&chart.map, 0) == 6e7 / (6e7 / 97));
  assert_true(chart.swing == 0.5);
  dt_chart_clear(&chart, NULL);
}

static void an_ekits_notes_are_found_by_its_map(void** state) {
  (void)state;
  static const hit hits[] = {{0, 22, 90}, {480, 22, 90}, {960, 26, 90}, {1440, 22, 90}};
  dt_midi_event events[HITS_MAX];
  dt_smf smf = smf_of(events, hits, 4, 480, 120);
  events[4] = (dt_midi_event){.tick = 720, .status = 0xB9, .data1 = 4, .data2 = 127};
  smf.event_count = 5;
  dt_chart chart;
  from_smf(&chart, &smf);
  assert_int_equal(chart.note_count, 4);
  is_note(&chart.notes[0], 0, DT_HIHAT_CLOSED, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart.notes[2], 960, DT_HIHAT_OPEN, DT_LOUD_NORMAL, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
  dt_tempo_map_clear(&smf.map, NULL);
}

static void swing_is_heard_and_taken_out(void** state) {
  (void)state;
  hit hits[128];
  for (int i = 0; i < 32; i++) {
    hits[2 * i] = (hit){960.0 * i, 51, 90};
    hits[2 * i + 1] = (hit){960.0 * i + 620, 51, 70};
  }
  dt_chart chart;
  read_hits(&chart, hits, 64, 480, 140);
  assert_int_equal(chart.swing_pair, 960);
  assert_true(fabs(chart.swing - 620.0 / 960) < 0.0011);
  for (size_t i = 0; i < 64; i++)
    assert_int_equal(chart.notes[i].tick, 480 * (dt_tick)i);
  dt_chart_clear(&chart, NULL);
  /* Straight triplets swing nothing. */
  for (int i = 0; i < 96; i++)
    hits[i] = (hit){320.0 * i, 51, 90};
  read_hits(&chart, hits, 96, 480, 100);
  assert_true(chart.swing == 0.5);
  for (size_t i = 0; i < 96; i++)
    assert_int_equal(chart.notes[i].tick, 320 * (dt_tick)i);
  dt_chart_clear(&chart, NULL);
}

static void flams_drags_and_rolls_are_heard(void** state) {
  (void)state;
  hit hits[64];
  size_t count = 0;
  hits[count++] = (hit){0, 36, 90};
  hits[count++] = (hit){930, 38, 40}; /* a flam, 16 ms at 120 bpm */
  hits[count++] = (hit){960, 38, 110};
  hits[count++] = (hit){1800, 38, 40}; /* a drag */
  hits[count++] = (hit){1860, 38, 40};
  hits[count++] = (hit){1920, 38, 110};
  for (int i = 0; i < 8; i++)
    hits[count++] = (hit){2880 + 120 * i, 38, 80};
  hits[count++] = (hit){3840, 38, 110};
  dt_chart chart;
  read_hits(&chart, hits, count, 480, 120);
  assert_int_equal(chart.note_count, 5);
  is_note(&chart.notes[1], 960, DT_SNARE, DT_LOUD_ACCENT, DT_FLAM);
  is_note(&chart.notes[2], 1920, DT_SNARE, DT_LOUD_ACCENT, DT_DRAG);
  is_note(&chart.notes[3], 2880, DT_SNARE, DT_LOUD_NORMAL, DT_ROLL);
  assert_int_equal(chart.notes[3].length, 960);
  assert_int_equal(chart.notes[3].roll_step, 120);
  is_note(&chart.notes[4], 3840, DT_SNARE, DT_LOUD_ACCENT, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
}

/* Eighths, sixteenths and triplets by beat, SD 13 ms, never more than 35 ms away. */
static void loose_playing_lands_on_its_note_values(void** state) {
  (void)state;
  printf("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 2);
  static hit hits[HITS_MAX];
  static dt_tick truth[HITS_MAX];
  const double bpm = 92;
  size_t count = 0;
  for (int beat = 0; beat < 400; beat++) {
    static const int parts_of[] = {1, 2, 4, 4, 3};
    const int parts = parts_of[dt_rng_below(&rng, 5)];
    for (int i = 0; i < parts; i++) {
      truth[count] = 960 * (beat + 4) + 960 / parts * i;
      const double away_s = fmax(-0.035, fmin(0.035, 0.013 * dt_rng_normal(&rng)));
      hits[count].tick = (double)truth[count] + away_s * bpm / 60 * 960;
      hits[count].note = 38;
      hits[count++].velocity = 80 + (int)dt_rng_below(&rng, 20);
    }
  }
  dt_chart chart;
  read_hits(&chart, hits, count, 480, bpm);
  size_t right = 0;
  for (size_t i = 0, t = 0; i < chart.note_count; i++) {
    while (t < count && truth[t] < chart.notes[i].tick)
      t++;
    right += t < count && truth[t] == chart.notes[i].tick;
  }
  printf("%zu of %zu notes where they were meant\n", right, count);
  assert_true((double)right >= 0.97 * (double)count);
  dt_chart_clear(&chart, NULL);
}

static void markers_and_metres_make_sections_and_bars(void** state) {
  (void)state;
  static const hit hits[] = {{0, 36, 90}, {2880, 36, 90}, {6720, 38, 90}, {9600, 38, 90}};
  dt_midi_event events[HITS_MAX];
  dt_smf smf = smf_of(events, hits, 4, 960, 120);
  assert_int_equal(dt_tempo_map_set_meter(&smf.map, NULL, 0, (dt_meter){3, 4}), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&smf.map, NULL, 2880, (dt_meter){4, 4}), DT_OK);
  dt_smf_text texts[] = {
      {.tick = 0, .bytes = "Groove", .size = 6, .type = DT_SMF_TRACK_NAME},
      {.tick = 0, .bytes = "Intro", .size = 5, .type = DT_SMF_MARKER},
      {.tick = 2880, .bytes = "Verse\n", .size = 6, .type = DT_SMF_MARKER},
      {.tick = 2880, .bytes = "R", .size = 1, .type = DT_SMF_LYRIC},
      {.tick = 6720, .bytes = "L", .size = 1, .type = DT_SMF_LYRIC},
      {.tick = 8640, .bytes = "Fill 1", .size = 6, .type = DT_SMF_MARKER},
  };
  smf.texts = texts;
  smf.text_count = 6;
  dt_chart chart;
  from_smf(&chart, &smf);
  assert_string_equal(chart.title, "Groove");
  assert_int_equal(chart.bar_count, 3);
  assert_int_equal(chart.span_count, 3);
  assert_string_equal(chart.spans[0].name, "Intro");
  assert_int_equal(chart.spans[0].end, 2880);
  assert_string_equal(chart.spans[1].name, "Verse");
  assert_int_equal(chart.spans[1].end, 10560);
  assert_true(chart.spans[2].fill);
  assert_string_equal(chart.spans[2].name, "1");
  assert_int_equal(chart.spans[2].start, 8640);
  assert_int_equal(chart.spans[2].end, 10560);
  assert_int_equal(chart.notes[1].hand, ' '); /* the foot has no right hand */
  assert_int_equal(chart.notes[2].hand, 'L');
  dt_chart_clear(&chart, NULL);
  dt_tempo_map_clear(&smf.map, NULL);
}

static void refuses(const hit* hits, size_t count, dt_status expected, const char* part) {
  static dt_midi_event events[HITS_MAX];
  dt_smf smf = smf_of(events, hits, count, 480, 120);
  dt_chart chart;
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_chart_from_smf(&chart, NULL, &smf, &err), expected);
  if (strstr(err.sentence, part) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", err.sentence, part);
  assert_null(chart.notes);
  dt_tempo_map_clear(&smf.map, NULL);
}

static void what_is_no_chart_is_refused_with_a_sentence(void** state) {
  (void)state;
  static const hit late[] = {{3840.0 * 20000, 36, 90}};
  refuses(NULL, 0, DT_BAD_DATA, "no notes");
  refuses(late, 1, DT_TOO_LARGE, "bars");
}

static bool write_and_read(const dt_allocator* allocator, void* ctx) {
  dt_smf smf;
  if (dt_smf_from_chart(&smf, allocator, ctx) != DT_OK)
    return false;
  dt_chart back;
  dt_error err = {.sentence = ""};
  const dt_status status = dt_chart_from_smf(&back, allocator, &smf, &err);
  if (status != DT_OK)
    assert_true(err.sentence[0] != '\0');
  dt_smf_clear(&smf, allocator);
  dt_chart_clear(&back, allocator);
  return status == DT_OK;
}

static bool infer_once(const dt_allocator* allocator, void* ctx) {
  dt_chart back;
  const dt_status status = dt_chart_from_smf(&back, allocator, ctx, NULL);
  dt_chart_clear(&back, allocator);
  return status == DT_OK;
}

static void no_memory_is_a_status(void** state) {
  (void)state;
  dt_chart chart;
  dt_chart_random(&chart, NULL, SEED + 1);
  assert_true(dt_failing_sweep(write_and_read, &chart) >= 10);
  dt_chart_clear(&chart, NULL);
  static const hit hits[] = {{0, 36, 90}, {480, 38, 90}, {960, 36, 90}};
  dt_midi_event events[HITS_MAX];
  dt_smf smf = smf_of(events, hits, 3, 480, 120);
  assert_true(dt_failing_sweep(infer_once, &smf) >= 4);
  dt_tempo_map_clear(&smf.map, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_chart_comes_back_as_the_same_part),
      cmocka_unit_test(a_repeated_section_begins_each_time),
      cmocka_unit_test(notes_come_in_with_drum_and_loudness),
      cmocka_unit_test(an_ekits_notes_are_found_by_its_map),
      cmocka_unit_test(swing_is_heard_and_taken_out),
      cmocka_unit_test(flams_drags_and_rolls_are_heard),
      cmocka_unit_test(loose_playing_lands_on_its_note_values),
      cmocka_unit_test(markers_and_metres_make_sections_and_bars),
      cmocka_unit_test(what_is_no_chart_is_refused_with_a_sentence),
      cmocka_unit_test(no_memory_is_a_status),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
