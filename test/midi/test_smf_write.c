#include <math.h>
#include <stdio.h>

#include "../support/failing_allocator.h"
#include "dt/rng.h"
#include "dt/smf.h"

#define SEED  20240611
#define TEXTS 8

static void add_texts(dt_rng* rng, dt_smf* smf, dt_smf_text* texts) {
  smf->texts = texts;
  smf->text_count = dt_rng_below(rng, TEXTS);
  dt_tick tick = 0;
  for (size_t i = 0; i < smf->text_count; ++i) {
    tick += dt_rng_below(rng, 1U << dt_rng_below(rng, 16));
    texts[i] = (dt_smf_text){.tick = tick,
                             .bytes = "Any text, and some of it",
                             .size = 1 + dt_rng_below(rng, 24),
                             .type = (uint8_t)(1 + dt_rng_below(rng, 15))};
  }
}

/* A random valid file: tempi, metres and events at random ticks. */
static dt_smf random_smf(dt_rng* rng, dt_midi_event* events) {
  dt_smf smf = {.map = {.ticks_per_quarter = 1 + (int32_t)dt_rng_below(rng, 32767)}};
  dt_tick tick = 0;
  for (uint32_t i = dt_rng_below(rng, 5); i > 0; --i) {
    tick += dt_rng_below(rng, 3000);
    assert_int_equal(dt_tempo_map_set_tempo(&smf.map, NULL, tick, 1 + dt_rng_below(rng, 700000)),
                     DT_OK);
    const dt_meter meter = {1 + (int)dt_rng_below(rng, 64), 1 << dt_rng_below(rng, 7)};
    assert_int_equal(dt_tempo_map_set_meter(&smf.map, NULL, tick, meter), DT_OK);
  }
  smf.events = events;
  smf.event_count = dt_rng_below(rng, 40);
  tick = 0;
  for (size_t i = 0; i < smf.event_count; ++i) {
    tick += dt_rng_below(rng, 1U << dt_rng_below(rng, 18));
    events[i] = (dt_midi_event){
        .tick = tick,
        .status = (uint8_t)(0x80 + dt_rng_below(rng, 0x70)),
        .data1 = (uint8_t)dt_rng_below(rng, 128),
        .data2 = (uint8_t)dt_rng_below(rng, 128),
    };
    if ((events[i].status & 0xE0) == 0xC0)
      events[i].data2 = 0;
  }
  smf.duration_s = dt_tempo_map_seconds(&smf.map, (double)(tick + dt_rng_below(rng, 5000)));
  return smf;
}

static void compare(const dt_smf* a, const dt_smf* b) {
  assert_int_equal(a->map.ticks_per_quarter, b->map.ticks_per_quarter);
  assert_int_equal(a->map.tempo_count, b->map.tempo_count);
  assert_int_equal(a->map.meter_count, b->map.meter_count);
  assert_int_equal(a->event_count, b->event_count);
  for (size_t i = 0; i < a->map.tempo_count; ++i) {
    assert_int_equal(a->map.tempi[i].tick, b->map.tempi[i].tick);
    assert_true(a->map.tempi[i].us_per_quarter == b->map.tempi[i].us_per_quarter);
  }
  for (size_t i = 0; i < a->map.meter_count; ++i) {
    assert_int_equal(a->map.meters[i].tick, b->map.meters[i].tick);
    assert_int_equal(a->map.meters[i].meter.numerator, b->map.meters[i].meter.numerator);
    assert_int_equal(a->map.meters[i].meter.denominator, b->map.meters[i].meter.denominator);
  }
  for (size_t i = 0; i < a->event_count; ++i) {
    assert_int_equal(a->events[i].tick, b->events[i].tick);
    assert_int_equal(a->events[i].status, b->events[i].status);
    assert_int_equal(a->events[i].data1, b->events[i].data1);
    assert_int_equal(a->events[i].data2, b->events[i].data2);
    assert_true(b->events[i].time_s == dt_tempo_map_seconds(&a->map, (double)a->events[i].tick));
  }
}

static void compare_texts(const dt_smf* a, const dt_smf* b) {
  assert_int_equal(a->text_count, b->text_count);
  for (size_t i = 0; i < a->text_count; ++i) {
    assert_int_equal(a->texts[i].tick, b->texts[i].tick);
    assert_int_equal(a->texts[i].type, b->texts[i].type);
    assert_int_equal(a->texts[i].size, b->texts[i].size);
    assert_memory_equal(a->texts[i].bytes, b->texts[i].bytes, a->texts[i].size);
  }
}

static void what_is_written_reads_back_the_same(void** state) {
  (void)state;
  printf("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int round = 0; round < 500; ++round) {
    dt_midi_event events[40];
    dt_smf_text texts[TEXTS];
    dt_smf smf = random_smf(&rng, events);
    add_texts(&rng, &smf, texts);
    dt_buffer buffer = {.bytes = NULL};
    assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(&buffer)), DT_OK);
    dt_smf back;
    dt_error err = {.sentence = ""};
    if (dt_smf_parse(&back, NULL, buffer.bytes, buffer.size, &err) != DT_OK)
      fail_msg("round %d: %s", round, err.sentence);
    compare(&smf, &back);
    compare_texts(&smf, &back);
    assert_true(back.duration_s >= smf.duration_s - 1e-9);
    dt_smf_clear(&back, NULL);
    dt_buffer_clear(&buffer);
    dt_tempo_map_clear(&smf.map, NULL);
  }
}

static void a_gap_longer_than_a_delta_time_is_bridged(void** state) {
  (void)state;
  dt_midi_event event = {.tick = 3000000000, .status = 0x99, .data1 = 36, .data2 = 1};
  dt_smf smf = {.map = {.ticks_per_quarter = 32767}, .events = &event, .event_count = 1};
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(&buffer)), DT_OK);
  dt_smf back;
  assert_int_equal(dt_smf_parse(&back, NULL, buffer.bytes, buffer.size, NULL), DT_OK);
  assert_int_equal(back.events[0].tick, event.tick);
  dt_smf_clear(&back, NULL);
  dt_buffer_clear(&buffer);
}

static void nonsense_is_not_written(void** state) {
  (void)state;
  dt_midi_event events[2] = {{.tick = 5, .status = 0x99}, {.tick = 4, .status = 0x99}};
  dt_smf smf = {.map = {.ticks_per_quarter = 96}, .events = events, .event_count = 2};
  dt_buffer buffer = {.bytes = NULL};
  const dt_sink sink = dt_buffer_sink(&buffer);
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  events[1].tick = 5;
  events[1].status = 0xF0;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  events[1].status = 0x90;
  events[1].data2 = 0x80;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  events[1].data2 = 0;
  smf.duration_s = (double)NAN;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  smf.duration_s = 1e300;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  smf.duration_s = 0.0;
  smf.map.ticks_per_quarter = 0x8000;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  smf.map.ticks_per_quarter = 96;
  dt_smf_text texts[2] = {{.tick = 5, .bytes = "a", .size = 1, .type = 1},
                          {.tick = 4, .bytes = "b", .size = 1, .type = 1}};
  smf.texts = texts;
  smf.text_count = 2;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  texts[1].tick = 5;
  texts[1].type = 0x10;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  texts[1].type = 1;
  texts[1].size = 0;
  assert_int_equal(dt_smf_write(&smf, sink), DT_BAD_ARGUMENT);
  texts[1].size = 1;
  assert_int_equal(buffer.size, 0);
  assert_int_equal(dt_smf_write(&smf, sink), DT_OK);
  dt_buffer_clear(&buffer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_reads_back_the_same),
      cmocka_unit_test(a_gap_longer_than_a_delta_time_is_bridged),
      cmocka_unit_test(nonsense_is_not_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
