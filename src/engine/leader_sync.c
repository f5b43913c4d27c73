#include <math.h>
#include <stdio.h>

#include "leader_internal.h"

#define TICKS_MOVED 480.0 /* half a quarter off is no drift but a jump */
#define STEADY_S    2.0   /* so long a straight line must have held before it is believed */
#define MISFIT      5.0   /* ticks off the line, or */
#define MISFIT_SD   4.0   /* so many SD: the tempo changes */
#define LEAD_S      0.25  /* a bar's tempo is set so long before its line */
#define BPM_LEAST   20.0
#define BPM_MOST    400.0

const char* dt_leader_sync_name(dt_leader_sync sync) {
  static const char* const names[DT_SYNC_COUNT] = {"none", "midi-clock", "jack"};
  return sync >= 0 && sync < DT_SYNC_COUNT ? names[sync] : "";
}

void dt_leader_clock(dt_leader* leader, dt_frame at, uint8_t byte) {
  dt_midiclock_push(&leader->sync.clock, at, byte);
}

void dt_leader_transport(dt_leader* leader, dt_frame at, bool is_rolling, dt_frame frame,
                         double bpm) {
  dt__sync* sync = &leader->sync;
  sync->is_rolling = is_rolling;
  sync->frame = frame;
  sync->known_at = at;
  sync->told_bpm = bpm;
}

/* Where the clock stands now. */
typedef struct master {
  bool is_running;
  bool is_sure; /* of its tempo */
  double bpm;
  double tick;
} master;

static double frames_a_tick(const dt_leader* leader, double bpm) {
  return 60.0 / bpm * leader->config.rate_hz / DT_TICKS_PER_QUARTER;
}

static bool is_running(const dt_midiclock* clock, const dt_midiclock_place* place) {
  return place->running && place->locked && !clock->armed;
}

/* Least squares. False: too short. */
static bool steady_at(const dt__steady* s, const dt_leader* leader, double* tick_a_frame,
                      double* tick) {
  const double length = (double)(leader->now - s->from);
  if (s->count < 2 || length < STEADY_S * leader->config.rate_hz)
    return false;
  const double spread = s->sum_xx - s->sum_x * s->sum_x / s->count;
  *tick_a_frame = (s->sum_xy - s->sum_x * s->sum_y / s->count) / spread;
  *tick = s->from_tick + s->sum_y / s->count + *tick_a_frame * (length - s->sum_x / s->count);
  return true;
}

/* The filter's place follows every change within some clocks, and wanders with their jitter; most
 * clocks keep their tempo, and then all of its places together say more. */
void dt__sync_step(dt_leader* leader) {
  dt__steady* s = &leader->sync.steady;
  if (leader->config.sync != DT_SYNC_MIDI_CLOCK)
    return;
  const dt_midiclock_place place = dt_midiclock_at(&leader->sync.clock, leader->now);
  double tick_a_frame = 0;
  double tick = 0;
  const bool is_steady = steady_at(s, leader, &tick_a_frame, &tick);
  const double most = fmax(MISFIT, MISFIT_SD * place.tick_sd);
  const bool is_new = s->count == 0 || (is_steady && fabs(tick - place.tick) > most);
  if (!is_running(&leader->sync.clock, &place))
    *s = (dt__steady){.count = 0};
  else if (is_new)
    *s = (dt__steady){.from = leader->now, .from_tick = place.tick, .count = 1};
  else {
    const double x = (double)(leader->now - s->from);
    const double y = place.tick - s->from_tick;
    s->count++;
    s->sum_x += x;
    s->sum_y += y;
    s->sum_xx += x * x;
    s->sum_xy += x * y;
  }
}

static master midi_master(const dt_leader* leader) {
  const dt_midiclock_place place = dt_midiclock_at(&leader->sync.clock, leader->now);
  master m = {
      .is_running = is_running(&leader->sync.clock, &place), .bpm = place.bpm, .tick = place.tick};
  double tick_a_frame = 0;
  m.is_sure = steady_at(&leader->sync.steady, leader, &tick_a_frame, &m.tick);
  if (m.is_sure)
    m.bpm = tick_a_frame * leader->config.rate_hz * 60 / DT_TICKS_PER_QUARTER;
  return m;
}

/* Without a timebase master the tempo is the coach's. */
static master jack_master(const dt_leader* leader) {
  const dt__sync* sync = &leader->sync;
  const double bpm = sync->told_bpm > 0 ? sync->told_bpm : leader->ask.bpm;
  const dt_frame frame = sync->frame + (leader->now - sync->known_at);
  return (master){.is_running = sync->is_rolling,
                  .is_sure = true,
                  .bpm = bpm,
                  .tick = (double)frame / frames_a_tick(leader, bpm)};
}

static master master_of(const dt_leader* leader) {
  master m = leader->config.sync == DT_SYNC_MIDI_CLOCK ? midi_master(leader) : jack_master(leader);
  m.is_running = m.is_running && m.bpm >= BPM_LEAST && m.bpm <= BPM_MOST;
  return m;
}

bool dt__sync_is_ready(const dt_leader* leader) {
  if (leader->config.sync == DT_SYNC_NONE)
    return true;
  const master m = master_of(leader);
  return m.is_running && m.is_sure;
}

const char* dt__sync_wait_text(const dt_leader* leader) {
  return leader->config.sync == DT_SYNC_MIDI_CLOCK ? "Waiting for the MIDI clock to start."
                                                   : "Waiting for the JACK transport to roll.";
}

void dt__sync_take_tempo(dt_leader* leader) {
  if (leader->config.sync == DT_SYNC_NONE)
    return;
  const double bpm = master_of(leader).bpm;
  leader->ask.bpm = leader->coach.now.bpm = bpm;
  snprintf(leader->ask.say, sizeof leader->ask.say, "%d bar%s with the %s, at %.1f bpm.",
           leader->ask.bars, leader->ask.bars == 1 ? "" : "s",
           leader->config.sync == DT_SYNC_MIDI_CLOCK ? "MIDI clock" : "transport", bpm);
}

dt_frame dt__sync_start(dt_leader* leader, dt_frame earliest) {
  if (leader->config.sync == DT_SYNC_NONE)
    return earliest;
  const master m = master_of(leader);
  const dt_tick bar = leader->take.part.bars[0].length;
  const double tick_frames = frames_a_tick(leader, m.bpm);
  const double earliest_tick = m.tick + (double)(earliest - leader->now) / tick_frames;
  const dt_tick line = (dt_tick)ceil(earliest_tick / (double)bar) * bar;
  dt__sync* sync = &leader->sync;
  sync->first_tick = line + leader->take.part_tick;
  sync->bars_set = leader->take.part_tick > 0 ? 0 : 1;
  sync->song_bpm = dt_tempo_map_bpm(&leader->take.part.map, 0);
  sync->stretch = 1;
  return leader->now + llround(((double)line - m.tick) * tick_frames);
}

/* All tempi from a tick on become slower by `ratio`. */
static dt_status stretch_map(dt_tempo_map* map, const dt_allocator* allocator, dt_tick from,
                             double ratio) {
  dt_status status =
      dt_tempo_map_set_tempo(map, allocator, from, 6e7 / dt_tempo_map_bpm(map, (double)from));
  for (size_t i = 0; status == DT_OK && i < map->tempo_count; i++)
    if (map->tempi[i].tick >= from)
      status = dt_tempo_map_set_tempo(map, allocator, map->tempi[i].tick,
                                      map->tempi[i].us_per_quarter * ratio);
  return status;
}

/* The band and the grid alike: what is judged is what was played. */
static dt_status set_bar(dt_leader* leader, int bar, double ratio) {
  dt__leader_take* take = &leader->take;
  dt__sync* sync = &leader->sync;
  const dt_tick tick = take->part.bars[bar].tick;
  const dt_frame line = dt__take_frame(leader, tick);
  dt_status status = stretch_map(&take->part.map, leader->allocator, tick, ratio);
  if (status == DT_OK)
    status = stretch_map(&take->take.click, leader->allocator, take->part_tick + tick, ratio);
  if (status != DT_OK)
    return status;
  take->end = dt__take_frame(leader, take->part.end);
  sync->stretch *= ratio;
  dt_band_command* command =
      dt__lead_band(leader, DT_BAND_TEMPO, line - leader->config.rate_hz / 20);
  command->bar = bar;
  command->tempo.bpm = sync->song_bpm / sync->stretch;
  command->tempo.ramp_bars = 0;
  return DT_OK;
}

/* A bar's tempo is set a little before it begins: so that it ends on the clock's line. */
dt_status dt__sync_follow(dt_leader* leader) {
  const dt__leader_take* take = &leader->take;
  dt__sync* sync = &leader->sync;
  if (leader->config.sync == DT_SYNC_NONE)
    return DT_OK;
  while (sync->bars_set < (int)take->part.bar_count) {
    const dt_part_bar* bar = &take->part.bars[sync->bars_set];
    const dt_frame lead = (dt_frame)(LEAD_S * leader->config.rate_hz);
    if (leader->now < dt__take_frame(leader, bar->tick) - lead)
      return DT_OK;
    const master m = master_of(leader);
    const double tick = (double)(sync->first_tick + bar->tick + bar->length);
    const double end = (double)leader->now + (tick - m.tick) * frames_a_tick(leader, m.bpm);
    const double wanted = end - (double)dt__take_frame(leader, bar->tick);
    const double have = (double)(dt__take_frame(leader, bar->tick + bar->length) -
                                 dt__take_frame(leader, bar->tick));
    const double ratio = fmax(0.5, fmin(2, wanted / have));
    const dt_status status = set_bar(leader, sync->bars_set++, ratio);
    if (status != DT_OK)
      return status;
  }
  return DT_OK;
}

const char* dt__sync_trouble(const dt_leader* leader) {
  const dt__leader_take* take = &leader->take;
  if (leader->config.sync == DT_SYNC_NONE)
    return NULL;
  const bool is_midi = leader->config.sync == DT_SYNC_MIDI_CLOCK;
  const master m = master_of(leader);
  if (!m.is_running)
    return is_midi ? "The MIDI clock stopped." : "The transport stopped.";
  const double seconds = (double)(leader->now - take->first) / leader->config.rate_hz;
  const double away =
      m.tick - (double)leader->sync.first_tick - dt_tempo_map_ticks(&take->part.map, seconds);
  if (fabs(away) <= TICKS_MOVED)
    return NULL;
  return is_midi ? "The MIDI clock jumped: again." : "The transport jumped: again.";
}
