#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/groove_charts.h"
#include "band_run.h"

enum { RATE = 8000, FRAMES = 8000 * 5 };

static dt_band_song* song_of(const char* text, int bars) {
  dt_part part = dt__part_of(text, bars, 0);
  dt_band_song* song = NULL;
  assert_int_equal(dt_band_song_new(&song, NULL, &part), DT_OK);
  dt_part_clear(&part, NULL);
  return song;
}

/* Everything at once, at frames that fall anywhere in a block. */
static void put_everything(dt_band* band, const dt_band_song* song, dt_rng* rng) {
  dt_band_command c = dt_band_command_of(DT_BAND_MIDI, 100);
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 777);
  c.start.song = song;
  c.start.bpm = 180 + 40 * dt_rng_uniform(rng);
  c.start.times = 0;
  c.start.count_in_bars = 1;
  c.start.spoken = true;
  put(band, &c);
  for (int i = 0; i < 40; i++) {
    const dt_frame at = (dt_frame)dt_rng_below(rng, FRAMES);
    c = dt_band_command_of((dt_band_command_kind)(DT_BAND_TEMPO + dt_rng_below(rng, 7)), at);
    if (dt_rng_below(rng, 2))
      c.bar = DT_BAND_NEXT_BAR;
    if (c.kind == DT_BAND_TEMPO) {
      c.tempo.bpm = 100 + 100 * dt_rng_uniform(rng);
      c.tempo.ramp_bars = (int)dt_rng_below(rng, 3);
    } else if (c.kind == DT_BAND_CLICK) {
      c.click.sound = (dt_band_sound)dt_rng_below(rng, 3);
      c.click.divide = 2 * (int)dt_rng_below(rng, 4);
      c.click.swing = 0.5 + 0.2 * dt_rng_uniform(rng);
      c.click.drop = 0.3 * dt_rng_uniform(rng);
    } else if (c.kind == DT_BAND_BARS) {
      c.bars.bus = dt_rng_below(rng, 2) ? DT_BAND_CLICKS : DT_BAND_DRUMS;
      c.bars.bars.off = (int)dt_rng_below(rng, 2);
    } else if (c.kind == DT_BAND_LEVEL) {
      c.level.bus = (dt_band_bus)dt_rng_below(rng, 3);
      c.level.db = -60 * (float)dt_rng_uniform(rng);
      c.level.ramp_ms = 3000 * (float)dt_rng_uniform(rng);
      c.level.cut = dt_rng_below(rng, 2) == 1;
    } else if (c.kind == DT_BAND_KIT) {
      c.kit.muted = dt_rng_bits(rng) & dt_rng_bits(rng);
      c.kit.db[DT_SNARE] = -20 * (float)dt_rng_uniform(rng);
    } else if (c.kind == DT_BAND_MIDI) {
      c.midi_clock = dt_rng_below(rng, 3) > 0;
    }
    put(band, &c);
  }
}

static band_run play(const dt_band_song* song, uint64_t seed, size_t block) {
  dt_band_config config = dt_band_config_default(RATE);
  config.voices = 6; /* strokes give way */
  dt_band* band = NULL;
  assert_int_equal(dt_band_new(&band, NULL, &config), DT_OK);
  dt_rng rng = dt_rng_seeded(seed, 1);
  put_everything(band, song, &rng);
  band_run run = {0};
  run_frames(&run, band, 0, FRAMES, block);
  assert_true(dt_band_counts(band).stolen > 0);
  dt_band_free(band);
  return run;
}

static void same(const band_run* a, const band_run* b, uint64_t seed, size_t block) {
  for (size_t i = 0; i < a->sample_count; i++)
    if (memcmp(&a->samples[i], &b->samples[i], sizeof(float)) != 0)
      fail_msg("seed %llu, blocks of %zu: frame %zu is %.9g, not %.9g", (unsigned long long)seed,
               block, i, (double)b->samples[i], (double)a->samples[i]);
  assert_int_equal(a->event_count, b->event_count);
  for (size_t i = 0; i < a->event_count; i++) {
    const dt_band_event* x = &a->events[i];
    const dt_band_event* y = &b->events[i];
    assert_true(x->frame == y->frame && x->kind == y->kind && x->bar == y->bar &&
                x->beat == y->beat && x->sub == y->sub && x->sounding == y->sounding &&
                x->tick == y->tick && x->bpm == y->bpm && x->drum == y->drum &&
                x->offset_frames == y->offset_frames);
  }
  assert_int_equal(a->midi_count, b->midi_count);
  for (size_t i = 0; i < a->midi_count; i++)
    assert_true(a->midi[i].frame == b->midi[i].frame && a->midi[i].byte == b->midi[i].byte);
}

static void every_block_size_gives_the_same_bytes(void** state) {
  (void)state;
  static const size_t blocks[] = {1, 2, 3, 7, 31, 64, 100, 127, 128, 129, 255, 256, 257, 1000, 0};
  dt_band_song* song = song_of("tempo: 200\nmeter: 4/4\nstep: 1/16\n\n"
                               "crash |x---x---x---x---|\n"
                               "hi-hat |xxoxxxoxxxoxxxox|\n"
                               "snare |--f-d-g-x-r-f---|\n"
                               "kick |x-x---xxx-x---x-|\n",
                               2);
  for (uint64_t seed = 1; seed <= 2; seed++) {
    print_message("seed %llu\n", (unsigned long long)seed);
    band_run reference = play(song, seed, 4096);
    double power = 0;
    for (size_t i = 0; i < reference.sample_count; i++)
      power += pow((double)reference.samples[i], 2);
    assert_true(power > 1);
    assert_true(reference.midi_count > 50);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
      if (blocks[b] > 0 && blocks[b] < 7 && seed > 1)
        continue;
      band_run run = play(song, seed, blocks[b]);
      same(&reference, &run, seed, blocks[b]);
      run_free(&run);
    }
    run_free(&reference);
  }
  dt_band_song_free(song);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_block_size_gives_the_same_bytes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
