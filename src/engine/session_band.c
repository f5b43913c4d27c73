#include <stdio.h>
#include <string.h>

#include "session_internal.h"

/* How far the line is rendered ahead. With somebody else's clock the tempo of a bar is known a
 * quarter of a second before it: what is rendered later is rendered once. */
#define AHEAD_S      0.4
#define AHEAD_SYNC_S 0.15

static dt_status read_line(dt_session* session, dt_error* err) {
  const dt_session_config* config = &session->config;
  const dt_chart* charts = config->leader.charts;
  const dt_meter meter = dt_tempo_map_meter(&charts[0].map, 0);
  dt_status status = dt_backing_new(&session->backing, session->allocator, config->band_file,
                                    config->band_file_size, meter, err);
  for (int i = 0; status == DT_OK && i < config->leader.plan->count; i++)
    status = dt_backing_fits(session->backing, &charts[i], err);
  return status;
}

dt_status dt__session_line(dt_session* session, dt_error* err) {
  const dt_session_config* config = &session->config;
  char found[512];
  if (!config->band_file)
    return DT_OK;
  dt_status status = read_line(session, err);
  if (status != DT_OK)
    return status;
  const char* soundfont = config->soundfont;
  if (!soundfont && dt_soundfont_find(found, sizeof found))
    soundfont = found;
  if (!soundfont)
    return dt_fail(err, DT_NOT_FOUND,
                   "No SoundFont was found in /usr/share/sounds; install one (Debian: "
                   "timgm6mb-soundfont) or name a file");
  const dt__feeder_config feeder = {
      .backing = session->backing,
      .soundfont = soundfont,
      .rate_hz = session->info.rate_hz,
      .ahead_s = config->leader.sync == DT_SYNC_NONE ? AHEAD_S : AHEAD_SYNC_S,
      .is_stepped = config->is_stepped,
  };
  dt_error own = {0};
  status = dt__feeder_new(&session->feeder, session->allocator, &feeder, &own);
  if (status == DT_BAD_DATA)
    return dt_fail(err, status, "%.150s: %s", soundfont, own.sentence);
  return status == DT_OK ? DT_OK : dt_fail(err, status, "%s", own.sentence);
}

void dt__session_line_tell(dt_session* session, const dt_lead* lead, dt_band_command* command) {
  if (lead->kind == DT_LEAD_BAND && command->kind == DT_BAND_START)
    command->start.number = session->starts++;
  if (!session->feeder)
    return;
  if (lead->kind == DT_LEAD_TAKE)
    dt__feeder_take(session->feeder, lead,
                    session->config.leader.charts[lead->ask.exercise].bar_count,
                    session->starts - 1);
  else if (lead->kind == DT_LEAD_BAND && command->kind == DT_BAND_TEMPO && command->bar >= 0)
    dt__feeder_tempo(session->feeder, command->bar, command->tempo.bpm);
  else if (lead->kind == DT_LEAD_BAND && command->kind == DT_BAND_STOP)
    dt__feeder_stop(session->feeder);
}
