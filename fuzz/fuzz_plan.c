/* Any text as a practice plan; what is understood is written, read again and the same, and coaches
 * a session that ends. */

#include "dt/coach.h"
#include "fuzz.h"

static void coach_it(const dt_plan* plan) {
  static dt_coach coach;
  dt_chart_facts facts[DT_PLAN_EXERCISES_MAX];
  for (int i = 0; i < plan->count; ++i)
    facts[i] = (dt_chart_facts){1 + i % 5, 100.0, 4.0, 1.0, 4, true};
  const dt_coach_options options = {1, 0};
  dt_coach_start(&coach, plan, facts, NULL, 0, &options);
  for (int step = 0; step < 40; ++step) {
    dt_instruction now;
    dt_coach_next(&coach, &now);
    REQUIRE(now.say[0] != '\0');
    if (now.act == DT_ACT_DONE)
      return;
    if (now.act == DT_ACT_REST) {
      dt_coach_rested(&coach, now.rest_s);
      continue;
    }
    REQUIRE(now.bars >= 1 && now.bars <= DT_PLAN_BARS_MAX && now.bpm >= 20.0 && now.bpm <= 440.0);
    dt_shown shown = {.played_s = 30.0, .bpm = now.bpm, .notes = 16, .missed = step % 3 == 0};
    shown.scatter_ms.known = shown.drift_percent.known = DT_CANT_TELL;
    shown.accent_db.known = shown.ghost_db.known = DT_CANT_TELL;
    shown.scatter_growth.per_min.known = shown.level_slope.per_min.known = DT_CANT_TELL;
    (void)dt_coach_took(&coach, &shown);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static dt_plan plan;
  static dt_plan again;
  dt_error err = {.sentence = ""};
  const dt_status status = dt_plan_parse(&plan, (const char*)data, size, &err);
  if (status != DT_OK) {
    REQUIRE(is_one_line(&err) && strncmp(err.sentence, "Line ", 5) == 0);
    return 0;
  }
  REQUIRE(dt_plan_check(&plan) == NULL);
  dt_buffer first = {0};
  dt_buffer second = {0};
  REQUIRE(dt_plan_write(&plan, dt_buffer_sink(&first)) == DT_OK);
  REQUIRE(dt_plan_parse(&again, (const char*)first.bytes, first.size, &err) == DT_OK);
  REQUIRE(dt_plan_write(&again, dt_buffer_sink(&second)) == DT_OK);
  REQUIRE(first.size == second.size && memcmp(first.bytes, second.bytes, first.size) == 0);
  coach_it(&plan);
  dt_buffer_clear(&first);
  dt_buffer_clear(&second);
  return 0;
}
