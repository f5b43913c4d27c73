#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "session_internal.h"

#define RING_S 20 /* how long the hearing side may stand still */

static dt_status begin_kit(dt__hearing* hearing, const dt__kit* kit, dt_error* err) {
  const bool is_named = kit->name && kit->name[0];
  const dt_kitmap* map = dt_kitmap_named(is_named ? kit->name : "roland");
  if (!map)
    return dt_fail(err, DT_NOT_FOUND, "There is no kit called '%.40s'", kit->name);
  hearing->kitmap = *map;
  const dt_kitmap* general = dt_kitmap_named("gm");
  for (int note = 0; note < 128 && !is_named; note++)
    if (hearing->kitmap.drum_of[note] == DT_DRUM_COUNT)
      hearing->kitmap.drum_of[note] = general->drum_of[note];
  if (!kit->map)
    return DT_OK;
  const dt_status status = dt_kitmap_extend(&hearing->kitmap, kit->map, kit->map_size, err);
  return status != DT_OK
             ? status
             : dt_ghosts_parse(&hearing->ghosts, kit->map, kit->map_size, hearing->rate_hz, err);
}

dt_status dt__hearing_begin(dt__hearing* hearing, const dt_allocator* allocator, bool sound,
                            const dt__kit* kit, int rate_hz, dt_error* err) {
  hearing->rate_hz = rate_hz;
  hearing->openness = -1;
  if (!sound)
    return begin_kit(hearing, kit, err);
  hearing->ear = dt_ear_new(allocator, rate_hz);
  return hearing->ear ? DT_OK : dt_fail(err, DT_NO_MEMORY, "No memory for the ear");
}

/* ---- what the leader says ---- */

static void tell_player(dt_session* session, const dt_lead* lead) {
  pthread_mutex_lock(&session->player_lock);
  if (lead->kind == DT_LEAD_TAKE)
    (void)dt__along_take(session->player, lead); /* without memory nobody plays: it is heard */
  if (lead->kind == DT_LEAD_STOP || lead->kind == DT_LEAD_JUDGED)
    dt__along_stop(session->player, lead->at);
  pthread_mutex_unlock(&session->player_lock);
}

static void tell_band(dt_session* session, const dt_band_command* command) {
  if (dt_band_put(session->band, command) != DT_OK)
    atomic_fetch_add(&session->refused, 1);
}

static void on_lead(void* context, const dt_lead* lead, const char* text) {
  dt_session* session = context;
  dt_band_command command = lead->command;
  dt__session_line_tell(session, lead, &command);
  if (lead->kind == DT_LEAD_BAND)
    tell_band(session, &command);
  if (session->journal)
    (void)dt__journal_decision(session->journal, text);
  if (session->player)
    tell_player(session, lead);
  if (session->config.on_lead)
    session->config.on_lead(session->config.context, lead, text);
}

/* ---- what came in ---- */

static void press_keys(dt_session* session) {
  for (int key = 0; key < DT_KEY_COUNT; key++) {
    if (!atomic_exchange(&session->pressed[key], 0))
      continue;
    if (session->journal)
      (void)dt__journal_key(session->journal, session->hearing.position, (dt_leader_key)key);
    dt_leader_press(session->leader, (dt_leader_key)key);
  }
}

static dt_status take_gap(dt_session* session, dt_frame frames, dt_error* err) {
  if (session->journal)
    (void)dt__journal_gap(session->journal, session->hearing.position, frames);
  atomic_fetch_add(&session->gap_frames, frames);
  return dt__hear_gap(&session->hearing, frames, err);
}

/* The leader is told where the transport does something else than go on. */
static void take_transport(dt_session* session, const dt__input* input) {
  if (session->config.leader.sync != DT_SYNC_JACK || !input->has_transport)
    return;
  const dt_frame at = session->hearing.position;
  const dt_frame passed = session->is_rolling ? at - session->transport_at : 0;
  const double bpm = round(input->transport_bpm * 1e6) * 1e-6; /* as it is recorded */
  if (session->has_transport && session->is_rolling == input->is_rolling &&
      session->transport_frame + passed == input->transport_frame && session->transport_bpm == bpm)
    return;
  session->has_transport = true;
  session->is_rolling = input->is_rolling;
  session->transport_frame = input->transport_frame;
  session->transport_at = at;
  session->transport_bpm = bpm;
  if (session->journal)
    (void)dt__journal_transport(session->journal, at, input->is_rolling, input->transport_frame,
                                bpm);
  dt__hear_transport(&session->hearing, input->is_rolling, input->transport_frame, bpm);
}

static dt_status take_input(dt_session* session, const dt__input* input, dt_error* err) {
  dt__hearing* hearing = &session->hearing;
  dt_status status = DT_OK;
  dt__news_input(session, input);
  if (input->position > hearing->position)
    status = take_gap(session, input->position - hearing->position, err);
  take_transport(session, input);
  if (session->journal && session->config.sound)
    (void)dt__journal_sound(session->journal, input->mono, input->frame_count);
  const bool takes_midi = !hearing->ear || hearing->has_clock;
  int done = 0;
  for (int i = 0; status == DT_OK && i < input->midi_count && takes_midi; i++) {
    const dt_port_midi* message = &input->midi[i];
    const int offset = (int)message->frame_offset;
    status = dt__hear_sound(hearing, input->mono + done, offset - done, err);
    done = offset;
    if (session->journal)
      (void)dt__journal_midi(session->journal, hearing->position, message->bytes, message->size);
    if (status == DT_OK)
      status = dt__hear_midi(hearing, hearing->position, message->bytes, message->size);
  }
  if (status == DT_OK)
    status = dt__hear_sound(hearing, input->mono + done, input->frame_count - done, err);
  atomic_store(&session->heard, hearing->position);
  atomic_store(&session->ghosts, hearing->ghosts.left_out);
  return status;
}

static void take_songs_back(dt_session* session) {
  const dt_band_song* song = NULL;
  while (dt_ring_read(session->songs_back, &song))
    dt_leader_song_back(session->leader, song);
}

static dt_status drain(dt_session* session, dt_error* err) {
  dt__input input;
  take_songs_back(session);
  press_keys(session);
  while (!session->hearing.is_over && dt_ring_read(session->inputs, &input)) {
    const dt_status status = take_input(session, &input, err);
    if (status != DT_OK)
      return status;
    press_keys(session);
  }
  const dt_frame heard = session->hearing.position;
  if (session->journal && heard - session->flushed >= session->info.rate_hz / 4) {
    session->flushed = heard;
    (void)dt__journal_flush(session->journal, heard);
  }
  return DT_OK;
}

/* ---- making and running ---- */

static dt_frame latency_of(const dt_session_config* config, int rate_hz) {
  return isnan(config->latency_ms) ? 0 : llround(config->latency_ms * rate_hz / 1000);
}

static dt_status make_band(dt_session* session) {
  dt_band_config band = dt_band_config_default(session->info.rate_hz);
  band.channel_count = session->info.out_channels;
  if (band.channel_count > DT_BAND_CHANNELS_MAX)
    band.channel_count = DT_BAND_CHANNELS_MAX;
  if (band.channel_count < 1)
    band.channel_count = 1;
  for (int bus = 0; bus < DT_BAND_BUS_COUNT; bus++)
    for (int channel = 0; channel < band.channel_count; channel++)
      band.route[bus][channel] = fminf(4, powf(10, session->config.click_db / 20));
  for (int channel = 0; channel < band.channel_count; channel++)
    band.route[DT_BAND_BACKING][channel] =
        fminf(4, powf(10, (session->config.click_db + session->config.band_db) / 20));
  band.backing = session->feeder ? dt__feeder_pull : NULL;
  band.backing_context = session->feeder;
  session->quiet[0] =
      dt_alloc_zero(session->allocator, DT_PORT_BLOCK_MAX * sizeof *session->quiet[0]);
  if (!session->quiet[0])
    return DT_NO_MEMORY;
  return dt_band_new(&session->band, session->allocator, &band);
}

static dt_status make_leader(dt_session* session, dt_error* err) {
  dt_leader_config config = session->config.leader;
  config.rate_hz = session->info.rate_hz;
  config.heard = session->config.sound;
  config.jitter_s = config.heard ? dt_ear_jitter_s() : session->info.midi_uncertainty_us * 1e-6;
  config.latency_frames = latency_of(&session->config, config.rate_hz);
  config.has_band_line = session->feeder != NULL;
  const dt_status status = dt_leader_new(&session->leader, session->allocator, &config);
  if (status != DT_OK)
    return dt_fail(err, status, "The plan cannot be begun: %s", dt_plan_check(config.plan));
  if (!session->config.folder)
    return DT_OK;
  dt__journal_head head = {
      .rate_hz = config.rate_hz,
      .sound = config.heard,
      .jitter_s = config.jitter_s,
      .latency_frames = config.latency_frames,
      .seed = config.options.seed,
      .today = config.options.today,
      .no_rest = config.no_rest,
      .sync = config.sync,
      .has_band = session->config.band_file != NULL,
      .band_file = session->config.band_file,
      .band_file_size = session->config.band_file_size,
  };
  snprintf(head.kit, sizeof head.kit, "%s", session->config.kit ? session->config.kit : "");
  head.kit_map = config.heard ? NULL : session->config.kit_map;
  head.kit_map_size = session->config.kit_map_size;
  return dt__journal_new(&session->journal, session->allocator, session->config.folder, &head,
                         &config, err);
}

dt_status dt_session_new(dt_session** out, const dt_allocator* allocator,
                         const dt_session_config* config, dt_port* port, dt_error* err) {
  *out = NULL;
  dt_session* session = dt_alloc_zero(allocator, sizeof *session);
  if (!session)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the session");
  session->allocator = allocator;
  session->config = *config;
  session->port = port;
  session->info = *dt_port_info_of(port);
  pthread_mutex_init(&session->player_lock, NULL);
  const int rate_hz = session->info.rate_hz;
  session->inputs =
      dt_ring_new(allocator, (uint32_t)(RING_S * rate_hz / DT__INPUT_FRAMES), sizeof(dt__input));
  session->songs_back = dt_ring_new(allocator, DT__SONGS_BACK, sizeof(const dt_band_song*));
  dt_status status = dt__session_line(session, err);
  if (status != DT_OK) {
    dt_session_free(session);
    return status;
  }
  status = session->inputs && session->songs_back ? make_band(session) : DT_NO_MEMORY;
  if (status == DT_OK && config->player) {
    session->player =
        dt__along_new(allocator, config->player, rate_hz, config->sound, config->player_bpm);
    status = session->player ? DT_OK : DT_NO_MEMORY;
  }
  if (status != DT_OK)
    status = dt_fail(err, status, "No memory for the session");
  else
    status = dt__hearing_begin(&session->hearing, allocator, config->sound,
                               &(dt__kit){config->kit, config->kit_map, config->kit_map_size},
                               rate_hz, err);
  if (status == DT_OK)
    status = make_leader(session, err);
  if (status != DT_OK) {
    dt_session_free(session);
    return status;
  }
  session->hearing.leader = session->leader;
  session->hearing.has_clock = config->leader.sync == DT_SYNC_MIDI_CLOCK;
  session->hearing.on_lead = on_lead;
  session->hearing.context = session;
  if (config->midi_clock) {
    const dt_band_command clock = dt_band_command_of(DT_BAND_MIDI, 0);
    tell_band(session, &clock);
  }
  *out = session;
  return DT_OK;
}

void dt_session_free(dt_session* session) {
  if (!session)
    return;
  dt__journal_free(session->journal, session->hearing.position);
  dt__along_free(session->player);
  dt_band_free(session->band);
  dt__feeder_free(session->feeder); /* after the band, which asks it */
  dt_backing_free(session->backing);
  dt_leader_free(session->leader); /* after the band: it was lent songs */
  dt_ear_free(session->hearing.ear);
  dt_ring_free(session->inputs);
  dt_ring_free(session->songs_back);
  const dt_allocator* allocator = session->allocator;
  dt_release(allocator, session->quiet[0], DT_PORT_BLOCK_MAX * sizeof *session->quiet[0]);
  pthread_mutex_destroy(&session->player_lock);
  dt_release(allocator, session, sizeof *session);
}

void dt_session_play_along(void* context, dt_frame at, int frame_count, float* const* in,
                           dt_port_midi_list* midi) {
  dt_session* session = *(dt_session**)context;
  if (!session || !session->player)
    return;
  pthread_mutex_lock(&session->player_lock);
  dt__along_play(session->player, at, frame_count, in, midi);
  pthread_mutex_unlock(&session->player_lock);
}

/* A millisecond: less than a drummer or a display would notice, more than a core would. */
static void wait_a_little(void) {
  const struct timespec pause = {.tv_nsec = 1000000};
  nanosleep(&pause, NULL);
}

static bool port_is_over(const dt_session* session) {
  dt_port_state state;
  dt_port_look(session->port, &state);
  return state.condition == DT_PORT_FAILED || state.condition == DT_PORT_ENDED;
}

static dt_status go_on(dt_session* session, dt_error* err) {
  const bool is_stepped = session->config.is_stepped;
  dt_status status = DT_OK;
  while (status == DT_OK && !session->hearing.is_over && !atomic_load(&session->stop)) {
    if (is_stepped && session->feeder)
      dt__feeder_fill(session->feeder);
    const bool is_over = is_stepped ? !dt_port_step(session->port, session->info.period_frames)
                                    : port_is_over(session);
    status = drain(session, err);
    dt__news_look(session);
    if (is_over)
      break;
    if (!is_stepped)
      wait_a_little();
  }
  return status;
}

dt_status dt_session_run(dt_session* session, dt_error* err) {
  dt_status status = dt_port_start(session->port, dt__session_process, session, err);
  if (status != DT_OK)
    return status;
  dt__priority before = {.is_raised = false};
  if (!session->config.is_stepped)
    before = dt__priority_raise();
  status = go_on(session, err);
  dt__priority_lower(&before);
  dt_port_state state;
  dt_port_look(session->port, &state);
  const dt_status stopped = dt_port_stop(session->port, err);
  session->counters = dt_band_counts(session->band);
  atomic_store(&session->is_counted, true); /* who looks meanwhile sees all of them or none */
  if (status == DT_OK && state.condition == DT_PORT_FAILED)
    status = dt_fail(err, DT_IO, "%s", state.sentence);
  if (session->journal)
    (void)dt__journal_flush(session->journal, session->hearing.position);
  if (status == DT_OK && session->journal && dt__journal_trouble(session->journal)[0])
    status = dt_fail(err, DT_IO, "%s", dt__journal_trouble(session->journal));
  return status == DT_OK ? stopped : status;
}

void dt_session_press(dt_session* session, dt_leader_key key) {
  if (key >= 0 && key < DT_KEY_COUNT)
    atomic_store(&session->pressed[key], 1);
}

void dt_session_stop(dt_session* session) {
  atomic_store(&session->stop, true);
}

dt_session_state dt_session_look(const dt_session* session) {
  static const dt_band_counters none;
  dt__feeder_counters line = {0};
  if (session->feeder)
    line = dt__feeder_counts(session->feeder);
  return (dt_session_state){
      .heard = atomic_load(&session->heard),
      .lost_blocks = dt_ring_overflows(session->inputs),
      .lost_midi = atomic_load(&session->lost_midi),
      .refused_commands = atomic_load(&session->refused),
      .gap_frames = atomic_load(&session->gap_frames),
      .ghosts = atomic_load(&session->ghosts),
      .band_underruns = line.underruns + line.lost_takes,
      .band_underrun_frames = line.underrun_frames,
      .band_inexact = line.inexact,
      .band = atomic_load(&session->is_counted) ? session->counters : none,
  };
}

const dt_leader* dt_session_leader(const dt_session* session) {
  return session->leader;
}
