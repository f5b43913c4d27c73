#include "session_run.h"

#include <stdlib.h>
#include <unistd.h>

#include "../support/failing_allocator.h"
#include "dt/kitmap.h"
#include "dt/pads.h"

#define RATE_HZ 48000

/* ---- a kit that plays what it is asked for ---- */

typedef struct kit_note {
  double ms; /* after the stroke */
  int note;
  double share; /* of the stroke's velocity */
} kit_note;

static void strike(dt_pads* pads, dt_frame at, int velocity, const kit_note* notes, int count) {
  for (int i = 0; i < count; i++) {
    const double loud = fmax(1, velocity * notes[i].share);
    const uint8_t bytes[3] = {0x99, (uint8_t)notes[i].note, (uint8_t)lround(loud)};
    dt_pads_midi(pads, at + llround(notes[i].ms * RATE_HZ / 1000), bytes, 3);
  }
}

static const int velocities[5] = {30, 60, 90, 110, 127};

/* Five strokes, half a second apart. */
static dt_frame strike_five(dt_pads* pads, dt_frame at, const kit_note* notes, int count) {
  for (int i = 0; i < 5; i++, at += RATE_HZ / 2)
    strike(pads, at, velocities[i], notes, count);
  return at;
}

static dt_pads* a_kit(void) {
  dt_pads* pads = dt_pads_new(NULL, RATE_HZ);
  assert_non_null(pads);
  return pads;
}

static dt_pads_pad pad_of(const dt_pads* pads, int pad) {
  dt_pads_pad found;
  assert_true(dt_pads_pad_of(pads, pad, &found));
  return found;
}

static void a_pad_gives_its_note_and_velocities(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note kick[] = {{0, 35, 1}};
  assert_int_equal(dt_pads_ask(pads, DT_KICK), 0);
  strike_five(pads, 1000, kick, 1);
  assert_int_equal(dt_pads_struck(pads), 5);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.strokes, 5);
  assert_int_equal(found.note_count, 1);
  assert_int_equal(found.notes[0], 35);
  assert_int_equal(found.lowest, 30);
  assert_true(found.typical > 89.9 && found.typical < 90.1);
  assert_int_equal(found.ghost_count, 0);
  assert_int_equal(found.strays, 0);
  dt_pads_free(pads);
}

static void crosstalk_is_named_with_a_threshold(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note snare[] = {{0, 38, 1}, {4, 48, 0.2}};
  dt_pads_ask(pads, DT_SNARE);
  strike_five(pads, 1000, snare, 2);
  assert_int_equal(dt_pads_struck(pads), 5);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.note_count, 1);
  assert_int_equal(found.ghost_count, 1);
  assert_int_equal(found.ghosts[0].note, 48);
  assert_int_equal(found.ghosts[0].of, 38);
  assert_int_equal(found.ghosts[0].times, 5);
  assert_int_equal(found.ghosts[0].strokes, 5);
  assert_true(fabs(found.ghosts[0].within_ms - 4) < 0.01);
  assert_true(found.ghosts[0].threshold > 0.2 && found.ghosts[0].threshold < 0.35);
  dt_pads_free(pads);
}

/* Another pad as loud as this one was struck by somebody; so was one that comes later. */
static void a_second_hand_is_no_crosstalk(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note both[] = {{0, 38, 1}, {4, 48, 0.7}, {25, 51, 0.2}};
  dt_pads_ask(pads, DT_SNARE);
  strike_five(pads, 1000, both, 3);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.ghost_count, 0);
  assert_int_equal(found.strays, 10);
  dt_pads_free(pads);
}

static void a_double_trigger_is_no_second_stroke(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note twice[] = {{0, 36, 1}, {22, 36, 0.4}};
  dt_pads_ask(pads, DT_KICK);
  strike_five(pads, 1000, twice, 2);
  assert_int_equal(dt_pads_struck(pads), 5);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.ghost_count, 1);
  assert_int_equal(found.ghosts[0].note, 36);
  assert_int_equal(found.ghosts[0].of, 36);
  assert_true(fabs(found.ghosts[0].within_ms - 22) < 0.01);
  dt_pads_free(pads);
}

static void one_slip_does_not_move_a_note(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note tom[] = {{0, 48, 1}};
  static const kit_note slip[] = {{0, 45, 1}};
  dt_pads_ask(pads, DT_TOM_HIGH);
  const dt_frame at = strike_five(pads, 1000, tom, 1);
  strike(pads, at, 90, slip, 1);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.note_count, 1);
  assert_int_equal(found.notes[0], 48);
  assert_int_equal(found.strays, 1);
  dt_pads_free(pads);
}

static void a_skipped_pad_is_not_measured(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note crash[] = {{0, 49, 1}};
  dt_pads_ask(pads, DT_CRASH);
  strike_five(pads, 1000, crash, 1);
  dt_pads_skip(pads);
  strike_five(pads, 200000, crash, 1);
  assert_int_equal(dt_pads_struck(pads), 0);
  assert_int_equal(pad_of(pads, 0).strokes, 0);
  dt_buffer text = {0};
  assert_int_equal(dt_pads_write(pads, dt_buffer_sink(&text)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&text), "", 1), DT_OK);
  assert_non_null(strstr((const char*)text.bytes, "crash: not measured"));
  dt_buffer_clear(&text);
  dt_pads_free(pads);
}

static void the_delay_of_two_pads_has_an_interval_or_is_not_measured(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note snare[] = {{0, 38, 1}};
  static const kit_note kick[] = {{0, 36, 1}};
  static const double delays_ms[9] = {2.0, 2.5, 1.5, 3.0, 1.0, 2.2, 1.8, 2.4, 2.1};
  dt_pads_ask(pads, DT_SNARE);
  dt_frame at = strike_five(pads, 1000, snare, 1);
  dt_pads_ask(pads, DT_KICK);
  at = strike_five(pads, at, kick, 1);
  assert_false(dt_pads_ask_together(pads, 0, 2));
  assert_true(dt_pads_ask_together(pads, 0, 1));
  for (int i = 0; i < 9; i++, at += RATE_HZ / 2) {
    const kit_note both[] = {{0, 38, 1}, {delays_ms[i], 36, 1}};
    strike(pads, at, 100, both, 2);
    dt_pads_pair pair;
    assert_true(dt_pads_pair_of(pads, 0, &pair));
    assert_int_equal(pair.times, i + 1);
    assert_int_equal(dt_pads_struck(pads), i + 1);
    assert_true((i + 1 >= 6) == !isnan(pair.delay_ms));
  }
  dt_pads_pair pair;
  assert_true(dt_pads_pair_of(pads, 0, &pair));
  assert_true(fabs(pair.delay_ms - 2.1) < 0.02);
  /* Ranks 2 and 8 of 9: 96 %. */
  assert_true(fabs(pair.low_ms - 1.5) < 0.02 && fabs(pair.high_ms - 2.5) < 0.02);
  strike(pads, at, 100, snare, 1); /* one of them alone does not count */
  assert_int_equal(dt_pads_struck(pads), 9);
  dt_pads_free(pads);
}

static void the_map_that_is_written_can_be_read(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note snare[] = {{0, 31, 1}, {4, 48, 0.2}};
  static const kit_note hats[] = {{0, 8, 1}};
  static const kit_note tom[] = {{0, 48, 1}, {20, 48, 0.3}};
  dt_pads_ask(pads, DT_SNARE);
  dt_frame at = strike_five(pads, 1000, snare, 2);
  dt_pads_ask(pads, DT_HIHAT_CLOSED);
  at = strike_five(pads, at, hats, 1);
  dt_pads_ask(pads, DT_HIHAT_OPEN);
  at = strike_five(pads, at, hats, 1);
  dt_pads_ask(pads, DT_TOM_HIGH);
  strike_five(pads, at, tom, 2);
  assert_int_equal(pad_of(pads, 2).same_as, 1);
  dt_buffer text = {0};
  dt_error err = {0};
  assert_int_equal(dt_pads_write(pads, dt_buffer_sink(&text)), DT_OK);
  dt_kitmap map = *dt_kitmap_named("gm");
  assert_int_equal(dt_kitmap_extend(&map, (const char*)text.bytes, text.size, &err), DT_OK);
  assert_int_equal(map.drum_of[31], DT_SNARE);
  assert_int_equal(map.drum_of[8], DT_HIHAT); /* both came on it */
  assert_int_equal(map.drum_of[48], DT_TOM_HIGH);
  dt_ghosts ghosts;
  assert_int_equal(dt_ghosts_parse(&ghosts, (const char*)text.bytes, text.size, RATE_HZ, &err),
                   DT_OK);
  assert_int_equal(ghosts.rule_count, 2);
  assert_int_equal(ghosts.rules[0].note, 48);
  assert_int_equal(ghosts.rules[0].of, 31);
  assert_int_equal(ghosts.rules[0].within_frames, 480);
  assert_int_equal(ghosts.rules[1].of, 48);
  dt_buffer_clear(&text);
  dt_pads_free(pads);
}

/* ---- ghosts left out ---- */

static dt_ghosts rules_of(const char* text) {
  dt_ghosts ghosts;
  dt_error err = {0};
  if (dt_ghosts_parse(&ghosts, text, strlen(text), RATE_HZ, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return ghosts;
}

/* What has come free up to a frame, as "note@frame ". */
static void free_ones(dt_ghosts* ghosts, dt_frame now, char* out, size_t size) {
  dt_frame at = 0;
  int note = 0;
  int velocity = 0;
  float openness = 0;
  size_t used = strlen(out);
  while (dt_ghosts_next(ghosts, now, &at, &note, &velocity, &openness))
    used += (size_t)snprintf(out + used, size - used, "%d@%lld ", note, (long long)at);
}

static void play_notes(dt_ghosts* ghosts, const int notes[][3], int count, char out[256]) {
  out[0] = '\0';
  for (int i = 0; i < count; i++) {
    free_ones(ghosts, notes[i][0] - 1, out, 256);
    dt_ghosts_put(ghosts, notes[i][0], notes[i][1], notes[i][2], -1);
    free_ones(ghosts, notes[i][0], out, 256);
  }
  free_ones(ghosts, INT64_MAX - 1, out, 256);
}

static const char crosstalk_rule[] = "#: ghost 48 of 38 within 10 ms below 0.35\n";

static void crosstalk_after_its_stroke_is_left_out(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  static const int notes[][3] = {{1000, 38, 100}, {1200, 48, 30}, {9000, 48, 30}};
  char out[256];
  play_notes(&ghosts, notes, 3, out);
  assert_string_equal(out, "38@1000 48@9000 ");
  assert_int_equal(ghosts.left_out, 1);
}

static void crosstalk_before_its_stroke_is_left_out(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  static const int notes[][3] = {{1000, 48, 30}, {1400, 38, 100}};
  char out[256];
  play_notes(&ghosts, notes, 2, out);
  assert_string_equal(out, "38@1400 ");
}

static void what_was_struck_stays(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of(crosstalk_rule);
  /* As loud; too late; before, and too early. */
  static const int notes[][3] = {{1000, 38, 100}, {1100, 48, 40}, {3000, 38, 100},
                                 {3481, 48, 20},  {6000, 48, 20}, {6481, 38, 100}};
  char out[256];
  play_notes(&ghosts, notes, 6, out);
  assert_string_equal(out, "38@1000 48@1100 38@3000 48@3481 48@6000 38@6481 ");
  assert_int_equal(ghosts.left_out, 0);
}

static void a_roll_on_a_pad_that_triggers_twice_stays(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of("#: ghost 38 of 38 within 20 ms below 0.4\n");
  static const int notes[][3] = {{0, 38, 100},   {800, 38, 30},  {1900, 38, 60},
                                 {3000, 38, 20}, {3500, 38, 20}, {4300, 38, 7}};
  char out[256];
  play_notes(&ghosts, notes, 6, out);
  assert_string_equal(out, "38@0 38@1900 38@3000 38@3500 ");
}

static void without_rules_nothing_is_held_or_left_out(void** state) {
  (void)state;
  dt_ghosts ghosts = rules_of("38 snare # mine\n# ghost 48 of 38\n\n");
  static const int notes[][3] = {{0, 38, 100}, {10, 48, 1}, {20, 38, 1}};
  char out[256] = "";
  for (int i = 0; i < 3; i++) {
    dt_ghosts_put(&ghosts, notes[i][0], notes[i][1], notes[i][2], -1);
    free_ones(&ghosts, notes[i][0], out, sizeof out);
    assert_true(dt_ghosts_due(&ghosts) == INT64_MAX);
  }
  assert_string_equal(out, "38@0 48@10 38@20 ");
}

static void a_bad_rule_is_a_sentence(void** state) {
  (void)state;
  static const char* const bad[] = {
      "#: ghost",
      "#: ghost 200 of 38 within 10 ms below 0.3",
      "#: ghost 48 of 38 within 90 ms below 0.3",
      "#: ghost 48 of 38 within 10 ms below 1.5",
      "#: ghost 48 of 38 within nan ms below 0.3",
      "#: ghost 48 of 38 within 10 ms below 0.3 x",
      ("#: ghost 48 of 38 within 10 ms below 0.3                                                  "
       "                                                                          "),
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char text[256];
    snprintf(text, sizeof text, "38 snare\n%s\n", bad[i]);
    dt_ghosts ghosts;
    dt_error err = {0};
    assert_int_equal(dt_ghosts_parse(&ghosts, text, strlen(text), RATE_HZ, &err), DT_BAD_DATA);
    assert_non_null(strstr(err.sentence, "Line 2"));
    assert_int_equal(ghosts.rule_count, 0);
  }
}

/* ---- through a port and a session ---- */

typedef struct scripted {
  const int (*notes)[3]; /* frame, note, velocity */
  int count;
  int block;
} scripted;

static void play_script(void* context, dt_frame at, int frame_count, float* const* in,
                        dt_port_midi_list* midi) {
  (void)in;
  const scripted* script = context;
  for (int i = 0; i < script->count; i++) {
    const dt_frame frame = script->notes[i][0];
    const uint8_t bytes[3] = {0x99, (uint8_t)script->notes[i][1], (uint8_t)script->notes[i][2]};
    if (frame >= at && frame < at + frame_count)
      (void)dt_port_put(midi, (uint32_t)(frame - at), bytes, 3);
  }
}

static void a_kit_is_learned_through_a_port(void** state) {
  (void)state;
  static const int notes[][3] = {{4800, 40, 90},  {4990, 48, 20},  {28800, 40, 100},
                                 {28990, 48, 25}, {52800, 40, 70}, {52990, 48, 10}};
  scripted script = {notes, 6, 0};
  dt_port_config config = dt_port_config_default();
  config.device = "null";
  config.has_midi_in = true;
  config.null.speed = 0;
  config.null.input = play_script;
  config.null.context = &script;
  dt_error err = {0};
  dt_port* port = dt_port_open(&config, &err);
  assert_non_null(port);
  dt_pads* pads = a_kit();
  dt_pads_ask(pads, DT_SNARE);
  assert_int_equal(dt_port_start(port, dt_pads_process, pads, &err), DT_OK);
  dt_frame heard = 0;
  for (int i = 0; i < 20; i++) {
    assert_true(dt_port_step(port, 4800));
    heard = dt_pads_hear(pads);
  }
  assert_true(heard >= 90000);
  assert_int_equal(dt_pads_struck(pads), 3);
  assert_true(fabs(dt_pads_quiet_ms(pads, 52990 + 480) - 10) < 0.001);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.notes[0], 40);
  assert_int_equal(found.ghost_count, 1);
  assert_int_equal(dt_pads_lost(pads), 0);
  dt_port_close(port);
  dt_pads_free(pads);
}

typedef struct told {
  char strokes[2048];
} told;

static void on_lead(void* context, const dt_lead* lead, const char* text) {
  (void)text;
  told* t = context;
  const size_t used = strlen(t->strokes);
  if (lead->kind == DT_LEAD_STROKE)
    snprintf(t->strokes + used, sizeof t->strokes - used, "%s@%lld ",
             dt_drum_name(lead->stroke.stroke.drum), llround(lead->stroke.stroke.time_s * RATE_HZ));
}

#define MY_KIT                                                                                     \
  "31 snare\n48 tom_high\n#: ghost 48 of 31 within 10 ms below 0.35\n"                             \
  "#: ghost 31 of 31 within 20 ms below 0.4\n"

/* A session in which a kit with crosstalk plays; period: of the device. */
static void play_session(const char* kit_map, int period, const char* folder, told* t,
                         uint64_t* left_out) {
  static const int notes[][3] = {{48000, 31, 100}, {48190, 48, 20},  {48700, 31, 30},
                                 {72000, 48, 90},  {96000, 48, 20},  {96300, 31, 110},
                                 {120000, 48, 30}, {144000, 31, 100}};
  scripted script = {notes, 8, 0};
  session_run run;
  run_begin(&run, "rock", DT_MODE_OWN, "machine");
  memset(t, 0, sizeof *t);
  run.port.period_frames = period;
  run.port.null.length_frames = (dt_frame)48000 * 5;
  run.port.null.input = play_script;
  run.port.null.context = &script;
  run.config.player = NULL;
  run.config.kit_map = kit_map;
  run.config.kit_map_size = kit_map ? strlen(kit_map) : 0;
  run.config.folder = folder;
  run.config.on_lead = on_lead;
  run.config.context = t;
  run_go(&run);
  *left_out = dt_session_look(run.session).ghosts;
  run_end(&run);
}

static void a_session_leaves_the_kits_ghosts_out(void** state) {
  (void)state;
  static const char wanted[] =
      "snare@48000 tom_high@72000 snare@96300 tom_high@120000 snare@144000 ";
  told t;
  uint64_t left_out = 0;
  play_session(MY_KIT, 256, NULL, &t, &left_out);
  assert_string_equal(t.strokes, wanted);
  assert_int_equal(left_out, 3);
  play_session(MY_KIT, 1024, NULL, &t, &left_out);
  assert_string_equal(t.strokes, wanted);
  play_session(MY_KIT, 37, NULL, &t, &left_out);
  assert_string_equal(t.strokes, wanted);
  play_session(NULL, 256, NULL, &t, &left_out);
  assert_int_equal(left_out, 0);
  assert_null(strstr(t.strokes, "snare")); /* nobody's note 31 is a snare */
}

static void the_kits_map_is_recorded_and_replayed(void** state) {
  (void)state;
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",  "past.txt",
                                      "kit.txt",     "events.txt", "decisions.txt"};
  char folder[64];
  told t;
  uint64_t left_out = 0;
  fresh_folder(folder);
  play_session(MY_KIT, 256, folder, &t, &left_out);
  dt_error err = {0};
  bool same = false;
  assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
  if (!same)
    fail_msg("%s", err.sentence);
  char path[128];
  snprintf(path, sizeof path, "%s/kit.txt", folder);
  FILE* file = fopen(path, "w"); /* another kit, other decisions */
  assert_non_null(file);
  fputs("31 kick\n", file);
  fclose(file);
  assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
  assert_false(same);
  unlink(path);
  assert_int_not_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
  *strrchr(folder, '/') = '\0';
  (void)rmdir(folder);
}

static void a_bad_map_begins_no_session(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_OWN, "machine");
  run.config.kit_map = "31 snare\n32 bathtub\n";
  run.config.kit_map_size = strlen(run.config.kit_map);
  dt_port* port = dt_port_open(&run.port, &run.err);
  assert_non_null(port);
  assert_int_equal(dt_session_new(&run.session, NULL, &run.config, port, &run.err), DT_BAD_DATA);
  assert_non_null(strstr(run.err.sentence, "Line 2"));
  dt_port_close(port);
  run_end(&run);
}

static bool make_and_free(const dt_allocator* allocator, void* context) {
  (void)context;
  dt_pads* pads = dt_pads_new(allocator, RATE_HZ);
  const bool is_made = pads != NULL;
  dt_pads_free(pads);
  return is_made;
}

static void no_memory_makes_no_pads_and_no_leak(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(make_and_free, NULL) >= 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pad_gives_its_note_and_velocities),
      cmocka_unit_test(crosstalk_is_named_with_a_threshold),
      cmocka_unit_test(a_second_hand_is_no_crosstalk),
      cmocka_unit_test(a_double_trigger_is_no_second_stroke),
      cmocka_unit_test(one_slip_does_not_move_a_note),
      cmocka_unit_test(a_skipped_pad_is_not_measured),
      cmocka_unit_test(the_delay_of_two_pads_has_an_interval_or_is_not_measured),
      cmocka_unit_test(the_map_that_is_written_can_be_read),
      cmocka_unit_test(crosstalk_after_its_stroke_is_left_out),
      cmocka_unit_test(crosstalk_before_its_stroke_is_left_out),
      cmocka_unit_test(what_was_struck_stays),
      cmocka_unit_test(a_roll_on_a_pad_that_triggers_twice_stays),
      cmocka_unit_test(without_rules_nothing_is_held_or_left_out),
      cmocka_unit_test(a_bad_rule_is_a_sentence),
      cmocka_unit_test(a_kit_is_learned_through_a_port),
      cmocka_unit_test(a_session_leaves_the_kits_ghosts_out),
      cmocka_unit_test(the_kits_map_is_recorded_and_replayed),
      cmocka_unit_test(a_bad_map_begins_no_session),
      cmocka_unit_test(no_memory_makes_no_pads_and_no_leak),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
