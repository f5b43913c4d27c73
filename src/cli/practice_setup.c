#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "practice.h"

static bool has_setup(const dt__practice_values* values) {
  return !values->drummer || values->setup;
}

int dt__practice_set_up(dt__practice_values* values, dt_setup* setup) {
  memset(setup, 0, sizeof *setup);
  const int status = has_setup(values) ? dt__setup_read(setup, values->setup) : DT__DONE;
  if (status != DT__DONE)
    return status;
  if (!values->audio && !values->drummer && setup->device[0])
    values->audio = setup->device;
  if (!values->midi && setup->midi[0])
    values->midi = setup->midi;
  if (values->midi && strcmp(values->midi, "none") == 0)
    values->midi = NULL;
  const bool by_midi = values->drummer ? !values->sound : values->midi != NULL;
  if (!values->kit_map && !values->kit && setup->kit_map[0] && by_midi)
    values->kit_map = setup->kit_map;
  return DT__DONE;
}

/* Files and devices made of nothing are for one time only, unless a place is named. */
static bool is_worth_remembering(const dt__practice_values* values, const dt_port_info* info) {
  return values->setup ||
         (strncmp(info->device, "null", 4) != 0 && strncmp(info->device, "file", 4) != 0);
}

/* Names of the setup are pointed at by the values: they are written over with the same. */
static int remember(const dt__practice_values* given, const dt_setup* setup,
                    const dt_port_info* info) {
  dt_setup next = *setup;
  bool is_changed = false;
  bool fits = true;
  if (given->audio)
    fits = dt_setup_choose(next.device, sizeof next.device, info->device, &is_changed);
  if (given->midi)
    fits = dt_setup_choose(next.midi, sizeof next.midi, given->midi, &is_changed) && fits;
  if (given->kit_map)
    fits = dt_setup_choose_kit_map(&next, given->kit_map, &is_changed) && fits;
  return is_changed && fits ? dt__setup_write(&next, given->setup) : DT__DONE;
}

static void tell_latency(const dt__practice_values* values, const dt_setup_latency* known,
                         const dt_port_info* info, const dt__globals* globals) {
  if (!isnan(values->latency)) {
    dt__note(globals, "Subtracting %.2f ms of latency, as given", values->latency);
    return;
  }
  if (!known) {
    dt__note(globals,
             "The latency of %s was not measured, and none is subtracted: "
             "'doubletime calibrate' measures it",
             info->device);
    return;
  }
  if (known->rate_hz == info->rate_hz && known->period_frames == info->period_frames)
    dt__note(globals, "Subtracting %.2f ms of latency, measured on %s on %s", known->ms, known->day,
             known->device);
  else
    dt__note(globals,
             "Subtracting %.2f ms of latency, measured on %s on %s with %d frames a period at %d "
             "Hz; now it is %d at %d Hz: calibrate again",
             known->ms, known->day, known->device, known->period_frames, known->rate_hz,
             info->period_frames, info->rate_hz);
}

int dt__practice_settle(dt__practice_values* values, dt_setup* setup,
                        const dt__practice_values* given, const dt_port_info* info,
                        const dt__globals* globals) {
  if (!has_setup(values))
    return DT__DONE;
  const dt_setup_latency* known = dt_setup_latency_of(setup, info->device);
  tell_latency(values, known, info, globals);
  if (isnan(values->latency) && known)
    values->latency = known->ms;
  return is_worth_remembering(values, info) ? remember(given, setup, info) : DT__DONE;
}
