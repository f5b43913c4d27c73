#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "dt/take.h"

static bool make_take(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_take take = {.source = DT_TAKE_MIDI, .duration_s = 3.0, .has_click = true};
  take.click.ticks_per_quarter = 480;
  const dt_stroke stroke = dt_stroke_at(0.5, DT_SNARE);
  const bool is_whole =
      dt_strokes_add(&take.strokes, allocator, &stroke) == DT_OK &&
      dt_tempo_map_set_tempo(&take.click, allocator, 960, 400000.0) == DT_OK &&
      dt_tempo_map_set_meter(&take.click, allocator, 0, (dt_meter){3, 4}) == DT_OK;
  dt_take_clear(&take, allocator);
  assert_int_equal(take.strokes.count, 0);
  assert_false(take.has_click);
  assert_int_equal(take.click.tempo_count + take.click.meter_count, 0);
  dt_take_clear(&take, allocator); /* twice does no harm */
  return is_whole;
}

static void a_take_gives_everything_back(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(make_take, NULL), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_take_gives_everything_back)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
