#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/near.h"
#include "dt/heard.h"
#include "dt/rng.h"
#include "dt/strokes_csv.h"

static dt_stroke strokes[3];

/* Three strokes with all that can be known of them. */
static dt_take take_of(void) {
  strokes[0] = dt_stroke_at(0.0012345, DT_KICK);
  strokes[0].velocity = 100.2F;
  strokes[0].confidence = 0.98765F;
  strokes[1] = dt_stroke_at(0.5, DT_HIHAT_OPEN);
  strokes[1].velocity = 63.98F;
  strokes[1].openness = 0.75F;
  strokes[1].confidence = 0.25F;
  strokes[2] = dt_stroke_at(75.25, DT_CRASH);
  strokes[2].velocity = 127;
  strokes[2].choke_s = 0.2F;
  strokes[2].note = 49;
  return (dt_take){
      .strokes = {strokes, 3, 3},
      .source = DT_TAKE_SOUND,
      .duration_s = 90.5,
      .clock_jitter_s = 2e-5,
  };
}

static const dt_heard about = {
    .file = "folder/take.wav",
    .version = "9.9",
    .format = "WAV, 16 bit",
    .rate_hz = 44100,
    .channels = 2,
    .min_confidence = 0.125,
};

static const char* text_of(dt_buffer* buffer) {
  assert_int_equal(dt_sink_write(dt_buffer_sink(buffer), "", 1), DT_OK);
  return (const char*)buffer->bytes;
}

static void a_list_says_how_sure_each_stroke_is(void** state) {
  (void)state;
  const dt_take take = take_of();
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_heard_csv(&take, dt_buffer_sink(&buffer)), DT_OK);
  assert_string_equal(text_of(&buffer), "time_s,drum,velocity,note,confidence\n"
                                        "0.001234,kick,100.2,,0.988\n"
                                        "0.500000,hihat_open,64,,0.250\n"
                                        "75.250000,crash,127,49,1.000\n");
  dt_buffer_clear(&buffer);
}

static void our_own_reader_reads_the_list_again(void** state) {
  (void)state;
  const uint64_t seed = 4711;
  dt_rng rng = dt_rng_seeded(seed, 0);
  print_message("seed %llu\n", (unsigned long long)seed);
  dt_take take = {.source = DT_TAKE_SOUND};
  for (int i = 0; i < 500; ++i) {
    dt_stroke stroke = dt_stroke_at(i * 0.25 + dt_rng_uniform(&rng) * 0.2,
                                    (dt_drum)dt_rng_below(&rng, DT_DRUM_COUNT));
    stroke.velocity = (float)(1 + dt_rng_uniform(&rng) * 126);
    stroke.confidence = (float)dt_rng_uniform(&rng);
    stroke.note = (int)dt_rng_below(&rng, 129) - 1;
    assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
  }
  dt_buffer buffer = {.bytes = NULL};
  dt_strokes back;
  assert_int_equal(dt_heard_csv(&take, dt_buffer_sink(&buffer)), DT_OK);
  assert_int_equal(dt_strokes_parse_csv(&back, NULL, buffer.bytes, buffer.size, NULL), DT_OK);
  assert_int_equal(back.count, take.strokes.count);
  for (size_t i = 0; i < back.count; ++i) {
    const dt_stroke* is = &back.items[i];
    const dt_stroke* was = &take.strokes.items[i];
    assert_near(is->time_s, was->time_s, 0.51e-6);
    assert_int_equal(is->drum, was->drum);
    assert_int_equal(is->note, was->note);
    assert_near((double)is->velocity, (double)was->velocity, 0.051);
    assert_near((double)is->confidence, (double)was->confidence, 0.00051);
  }
  dt_strokes_clear(&back, NULL);
  dt_strokes_clear(&take.strokes, NULL);
  dt_buffer_clear(&buffer);
}

static void json_holds_all_that_is_known(void** state) {
  (void)state;
  const dt_take take = take_of();
  strokes[1].time_s = strokes[0].time_s; /* one blow on two drums */
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_heard_json(&take, &about, dt_buffer_sink(&buffer)), DT_OK);
  const char* text = text_of(&buffer);
  static const char* const parts[] = {
      "\"schema\": \"doubletime.strokes/1\"",
      "\"file\": \"take.wav\"",
      "\"version\": \"9.9\"",
      "\"source\": \"sound\"",
      "\"duration_s\": 90.500000",
      "\"rate_hz\": 44100",
      "\"channels\": 2",
      "\"jitter_ms\": 0.020",
      "\"min_confidence\": 0.125",
      "\"stroke_count\": 3",
      "\"time_s\": 0.001234,\n      \"drum\": \"kick\",\n      \"velocity\": 100.2,\n"
      "      \"confidence\": 0.988,\n      \"openness\": null,\n      \"choke_s\": null,\n"
      "      \"note\": null,\n      \"shared_time\": true\n",
      "\"openness\": 0.750",
      "\"choke_s\": 0.200",
      "\"note\": 49,\n      \"shared_time\": false\n",
  };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
    if (strstr(text, parts[i]) == NULL)
      fail_msg("no %s in %s", parts[i], text);
  dt_buffer_clear(&buffer);
}

static void what_is_not_known_is_null(void** state) {
  (void)state;
  const dt_take take = {.source = DT_TAKE_MIDI};
  const dt_heard nothing = {.file = NULL};
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_heard_json(&take, &nothing, dt_buffer_sink(&buffer)), DT_OK);
  assert_string_equal(text_of(&buffer), "{\n"
                                        "  \"schema\": \"doubletime.strokes/1\",\n"
                                        "  \"version\": null,\n"
                                        "  \"file\": null,\n"
                                        "  \"source\": \"midi\",\n"
                                        "  \"duration_s\": 0.000000,\n"
                                        "  \"sound\": null,\n"
                                        "  \"jitter_ms\": null,\n"
                                        "  \"min_confidence\": 0.000,\n"
                                        "  \"stroke_count\": 0,\n"
                                        "  \"strokes\": []\n"
                                        "}\n");
  dt_buffer_clear(&buffer);
}

static void the_summary_fits_a_terminal(void** state) {
  (void)state;
  const dt_take take = take_of();
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_heard_text(&take, &about, dt_buffer_sink(&buffer)), DT_OK);
  assert_string_equal(
      text_of(&buffer),
      "take.wav\n"
      "1 min 31 s of sound (WAV, 16 bit, 44100 Hz, 2 channels): 3 strokes, from 0.001 s\n"
      "to 75.250 s\n"
      "\n"
      "                strokes    velocity    confidence    doubtful\n"
      "all                   3         100          0.99           1\n"
      "kick                  1         100          0.99           0\n"
      "hihat_open            1          64          0.25           1\n"
      "crash                 1         127          1.00           0\n"
      "\n"
      "Medians of velocity (1 to 127) and confidence (0 to 1); doubtful: below 0.5.\n");
  for (const char* line = (const char*)buffer.bytes; *line; line += strcspn(line, "\n") + 1)
    assert_in_range(strcspn(line, "\n"), 0, 80);
  dt_buffer_clear(&buffer);
}

static void a_silent_file_has_a_summary_too(void** state) {
  (void)state;
  const dt_take take = {.source = DT_TAKE_SOUND, .duration_s = 7384.9};
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_heard_text(&take, &about, dt_buffer_sink(&buffer)), DT_OK);
  assert_string_equal(
      text_of(&buffer),
      "take.wav\n2 h 03 min of sound (WAV, 16 bit, 44100 Hz, 2 channels): 0 strokes\n");
  dt_buffer_clear(&buffer);
}

typedef struct full_disk {
  size_t left;
} full_disk;

static dt_status write_some(void* ctx, const void* bytes, size_t size) {
  full_disk* disk = ctx;
  (void)bytes;
  if (size > disk->left)
    return DT_IO;
  disk->left -= size;
  return DT_OK;
}

static void a_full_disk_is_noticed(void** state) {
  (void)state;
  const dt_take take = take_of();
  for (size_t room = 0; room < 123; ++room) {
    full_disk disk = {room};
    assert_int_equal(dt_heard_csv(&take, (dt_sink){write_some, &disk}), DT_IO);
    disk.left = room;
    assert_int_equal(dt_heard_json(&take, &about, (dt_sink){write_some, &disk}), DT_IO);
    disk.left = room;
    assert_int_equal(dt_heard_text(&take, &about, (dt_sink){write_some, &disk}), DT_IO);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_list_says_how_sure_each_stroke_is),
      cmocka_unit_test(our_own_reader_reads_the_list_again),
      cmocka_unit_test(json_holds_all_that_is_known),
      cmocka_unit_test(what_is_not_known_is_null),
      cmocka_unit_test(the_summary_fits_a_terminal),
      cmocka_unit_test(a_silent_file_has_a_summary_too),
      cmocka_unit_test(a_full_disk_is_noticed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
