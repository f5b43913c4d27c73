#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "dt/home.h"
#include "practice.h"

#define AT(field) offsetof(dt__practice_values, field)

static const char* const mode_choices[] = {"ladder", "gap", "quiet",     "surprise", "endurance",
                                           "trade",  "own", "retention", NULL};
static const char* const sync_choices[] = {"none", "midi-clock", "jack", NULL};
static const char* const level_choices[] = {"beginner", "player", "pro", NULL};
static const char* const tone_choices[] = {"plain", "kind", "stern", NULL};
static const char* const limbs_choices[] = {"all", "hands", "right", "left", "feet", NULL};

const dt__option dt__practice_options[] = {
    {'m', "mode", "MODE",
     "How it is practised: ladder (default), gap, quiet, surprise, endurance, trade, own, "
     "retention",
     DT__CHOICE, AT(mode), 0, 0, mode_choices},
    {0, "from", "BPM", "A comfortable tempo: the ladder begins near it when nothing is known yet",
     DT__NUMBER, AT(from), 20, 400, NULL},
    {0, "to", "BPM", "The ladder's goal", DT__NUMBER, AT(to), 20, 400, NULL},
    {'t', "tempo", "BPM", "The tempo, in the other modes", DT__NUMBER, AT(tempo), 20, 400, NULL},
    {0, "minutes", "MINUTES", "How long, rests included (default 10)", DT__NUMBER, AT(minutes), 0.5,
     120, NULL},
    {0, "bars", "BARS", "Bars of a take (default: about half a minute)", DT__INTEGER, AT(bars), 1,
     512, NULL},
    {0, "subdivisions", "CLICKS",
     "Clicks in each beat, 1 (default) to 6; they swing as the chart does", DT__INTEGER,
     AT(subdivisions), 1, 6, NULL},
    {'l', "level", "LEVEL", "How tight is tight: beginner, player (default) or pro", DT__CHOICE,
     AT(level), 0, 0, level_choices},
    {0, "limbs", "LIMBS", "Only some of it: all (default), hands, right, left, feet", DT__CHOICE,
     AT(limbs), 0, 0, limbs_choices},
    {0, "tone", "TONE", "How the coach speaks: plain (default), kind or stern", DT__CHOICE,
     AT(tone), 0, 0, tone_choices},
    {'a', "audio", "DEVICE",
     "The sound device, as 'doubletime devices' names it (default: JACK, else ALSA's)", DT__TEXT,
     AT(audio), 0, 0, NULL},
    {0, "midi", "PORT",
     "Strokes come by MIDI, not from the microphone: a JACK port's name (a part of it will do), an "
     "ALSA port, or 'any'; 'none' is the microphone again",
     DT__TEXT, AT(midi), 0, 0, NULL},
    {0, "kit", "NAME", "The kit's note map: gm, roland, alesis or yamaha", DT__TEXT, AT(kit), 0, 0,
     NULL},
    {0, "kit-map", "FILE",
     "Your own kit on top of it, as 'doubletime calibrate --pads' writes it: lines of NOTE DRUM",
     DT__FILE_IN, AT(kit_map), 0, 0, NULL},
    {0, "latency", "MS", "Round trip from loudspeaker to microphone or pad, to be subtracted",
     DT__NUMBER, AT(latency), -500, 2000, NULL},
    {0, "click", "DB", "Loudness of the click", DT__NUMBER, AT(click), -60, 12, NULL},
    {0, "band", "FILE.mid",
     "A bass and comping line to play along with: a MIDI file, bar by bar with the chart",
     DT__FILE_IN, AT(band), 0, 0, NULL},
    {0, "soundfont", "FILE", "The band's sounds, an .sf2 file (default: the system's)", DT__FILE_IN,
     AT(soundfont), 0, 0, NULL},
    {0, "band-level", "DB", "Loudness of the band beside the click", DT__NUMBER, AT(band_level),
     -60, 12, NULL},
    {0, "midi-clock", NULL, "Send MIDI clock", DT__FLAG, AT(midi_clock), 0, 0, NULL},
    {0, "sync", "CLOCK",
     "Go with somebody else's clock: midi-clock (that comes in by MIDI), jack (the JACK transport) "
     "or none (default)",
     DT__CHOICE, AT(sync), 0, 0, sync_choices},
    {'r', "record", "FOLDER", "Record everything into this new folder, for 'doubletime replay'",
     DT__FILE_OUT, AT(record), 0, 0, NULL},
    {0, "numbers", NULL, "Show milliseconds during a take too", DT__FLAG, AT(numbers), 0, 0, NULL},
    {0, "drummer", "WORDS",
     "A simulated drummer plays, as in 'doubletime play --as', on a device "
     "made of nothing",
     DT__TEXT, AT(drummer), 0, 0, NULL},
    {0, "able", "BPM", "With --drummer: above this tempo he gets loose", DT__NUMBER, AT(able), 20,
     400, NULL},
    {0, "sound", NULL, "With --drummer: through the microphone and the ear, not by MIDI", DT__FLAG,
     AT(sound), 0, 0, NULL},
    {0, "fast", NULL, "With --drummer: as fast as it goes, not in real time", DT__FLAG, AT(fast), 0,
     0, NULL},
    {0, "no-rest", NULL, "Skip the rests (for demonstrations)", DT__FLAG, AT(no_rest), 0, 0, NULL},
    {0, "seed", "N", "Of the surprises, and of the simulated drummer (default 1)", DT__SEED,
     AT(seed), 0, 0, NULL},
    {0, "log", "FILE", "The coach's history (default: practice.log beside the database)",
     DT__FILE_OUT, AT(log), 0, 0, NULL},
    {0, "setup", "FILE", DT__SETUP_HELP, DT__FILE_OUT, AT(setup), 0, 0, NULL},
    {'p', "player", "NAME", "Who plays", DT__TEXT, AT(keep.player), 0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP, DT__FILE_OUT, AT(keep.db), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct practice {
  dt__practice_values values;
  dt__practice_values given; /* on the command line */
  dt_setup setup;
  dt__practice_files files;
  const dt__globals* globals;
  dt__practice_plan plan;
  dt_session* session;
  dt__screen screen;
  bool keeps_takes;
  bool keeps_log;
  int trouble; /* exit status of keeping a take */
  int lost_takes;
  double latency_ms; /* subtracted; NAN: nothing was judged */
  double jitter_ms;
} practice;

/* Takes are kept as they end: what was played is never lost. */
static void keep_take(practice* p, const dt_lead* lead) {
  const dt_lead_judged* judged = &lead->judged;
  dt__keep keep = p->values.keep;
  const dt_exercise* exercise = &p->plan.plan.exercises[lead->ask.exercise];
  keep.chart = judged->chart->name[0] ? judged->chart->name : exercise->chart;
  dt__globals quiet = *p->globals;
  quiet.quiet = true;
  const int status = dt__keep_take(&keep, judged->take, judged->config, judged->verdict,
                                   judged->study, exercise->chart, &quiet);
  if (status == DT__DONE)
    return;
  p->trouble = status;
  p->lost_takes++;
  dt__screen_warn(&p->screen, "This take could not be kept in the database. Practice goes on.");
}

static void on_lead(void* context, const dt_lead* lead, const char* text) {
  (void)text;
  practice* p = context;
  if (lead->kind == DT_LEAD_TAKE) {
    const dt_chart* chart = &p->plan.charts[lead->ask.exercise];
    snprintf(p->screen.chart, sizeof p->screen.chart, "%.60s",
             chart->title[0] ? chart->title : p->plan.plan.exercises[lead->ask.exercise].chart);
  }
  if (lead->kind == DT_LEAD_JUDGED) {
    p->latency_ms = lead->judged.latency_ms;
    p->jitter_ms = lead->judged.jitter_ms;
  }
  if (lead->kind == DT_LEAD_JUDGED && p->keeps_takes && lead->judged.take->strokes.count > 0)
    keep_take(p, lead);
  dt__screen_tell(&p->screen, lead);
}

static dt_port* open_port(practice* p, dt_error* err) {
  const dt__practice_values* values = &p->values;
  dt_port_config config = dt_port_config_default();
  config.device = values->audio;
  config.has_midi_in = values->midi != NULL || values->sync == DT_SYNC_MIDI_CLOCK;
  config.has_midi_out = values->midi_clock;
  if (values->midi && strcmp(values->midi, "any") != 0) {
    config.jack.connect_midi_in = values->midi;
    config.alsa.midi_in = values->midi;
  }
  if (values->drummer) {
    config.device = "null";
    config.has_midi_in = true;
    config.null.speed = values->fast ? 0 : 1;
    config.null.input = dt_session_play_along;
    config.null.context = &p->session;
  }
  return dt_port_open(&config, err);
}

static dt_status make_session(practice* p, dt_port* port, const dt_drummer* drummer,
                              dt_error* err) {
  const dt__practice_values* values = &p->values;
  const dt_session_config config = {
      .leader = {.plan = &p->plan.plan,
                 .charts = p->plan.charts,
                 .past = p->plan.past,
                 .past_count = p->plan.past_count,
                 .options = {.seed = values->seed, .today = dt_home_today()},
                 .no_rest = values->no_rest,
                 .sync = (dt_leader_sync)values->sync},
      .sound = values->drummer ? values->sound : !values->midi,
      .kit = values->kit,
      .kit_map = values->kit_map ? (const char*)p->files.kit_map.bytes : NULL,
      .kit_map_size = p->files.kit_map.size,
      .band_file = values->band ? (const char*)p->files.band.bytes : NULL,
      .band_file_size = p->files.band.size,
      .soundfont = values->soundfont,
      .band_db = (float)(isnan(values->band_level) ? 0 : values->band_level),
      .latency_ms = values->latency,
      .click_db = (float)(isnan(values->click) ? 0 : values->click),
      .midi_clock = values->midi_clock,
      .is_stepped = values->drummer && values->fast,
      .folder = values->record,
      .player = values->drummer ? drummer : NULL,
      .player_bpm = isnan(values->able) ? 0 : values->able,
      .on_lead = on_lead,
      .context = p,
  };
  return dt_session_new(&p->session, NULL, &config, port, err);
}

typedef struct runner {
  practice* p;
  dt_status status;
  dt_error err;
  atomic_bool is_over;
} runner;

static void* run_session(void* context) {
  runner* run = context;
  run->status = dt_session_run(run->p->session, &run->err);
  atomic_store(&run->is_over, true);
  return NULL;
}

static int run(practice* p) {
  runner run = {.p = p};
  pthread_t thread;
  if (p->values.fast && p->values.drummer)
    run_session(&run);
  else if (pthread_create(&thread, NULL, run_session, &run) != 0)
    return dt__world_error(NULL, dt_fail(&run.err, DT_NO_MEMORY, "No thread can be made"),
                           &run.err);
  else {
    dt__practice_attend(&p->screen, p->session, &run.is_over);
    pthread_join(thread, NULL);
  }
  return run.status == DT_OK ? DT__DONE : dt__world_error("the session", run.status, &run.err);
}

static void tell_band(const practice* p, const dt_session_state* state) {
  if (state->band_underruns > 0)
    dt__note(p->globals, "The band was not ready in time %llu times, and silent for %.2f s",
             (unsigned long long)state->band_underruns,
             (double)state->band_underrun_frames / p->screen.rate_hz);
  if (state->band_inexact > 0)
    dt__note(p->globals,
             "%llu notes of the band came up to 1.3 ms late: too many begin within a moment",
             (unsigned long long)state->band_inexact);
}

/* What is kept for next time, and one line for each exercise. */
static int finish(practice* p) {
  const dt_coach* coach = dt_leader_coach(dt_session_leader(p->session));
  int status = DT__DONE;
  for (int i = 0; i < p->plan.plan.count; i++) {
    dt_past past;
    if (!dt_coach_past(coach, i, &past))
      continue;
    printf("%s: %d take%s, %d clean", past.chart, past.takes, past.takes == 1 ? "" : "s",
           past.clean_takes);
    if (past.bpm > 0)
      printf("; clean tempo %.4g bpm (%.0f to %.0f)", floor(2 * past.bpm + 0.5) / 2, past.low_bpm,
             past.high_bpm);
    printf("\n");
    if (p->keeps_log && status == DT__DONE)
      status = dt__practice_log_add(p->values.log, &past);
  }
  if (!isnan(p->latency_ms))
    printf(
        "Subtracted: %.2f ms of latency from every stroke; %.2f ms of the instrument's own jitter "
        "from every scatter\n",
        p->latency_ms, p->jitter_ms);
  const dt_session_state state = dt_session_look(p->session);
  if (state.lost_blocks > 0 || state.gap_frames > 0)
    dt__note(p->globals, "%.3f s of sound were lost", (double)state.gap_frames / p->screen.rate_hz);
  if (p->lost_takes > 0 && p->screen.is_terminal) /* what was said is gone with the screen */
    dt__complain("%d take%s could not be kept in the database", p->lost_takes,
                 p->lost_takes == 1 ? "" : "s");
  tell_band(p, &state);
  if (state.ghosts > 0)
    dt__note(p->globals, "%llu notes that nobody struck were left out, as %s says",
             (unsigned long long)state.ghosts, p->values.kit_map);
  return status == DT__DONE ? p->trouble : status;
}

static int practise(practice* p, const dt_drummer* drummer) {
  dt_error err = {0};
  dt__mute_libraries();
  dt_port* port = open_port(p, &err);
  dt__unmute_libraries();
  if (!port)
    return dt__world_error(p->values.audio ? p->values.audio : "sound", err.status, &err);
  dt__screen_begin(&p->screen, p->globals, p->values.numbers, dt_port_info_of(port)->rate_hz);
  p->screen.is_terminal = isatty(STDOUT_FILENO) == 1 && !(p->values.fast && p->values.drummer);
  int status =
      dt__practice_settle(&p->values, &p->setup, &p->given, dt_port_info_of(port), p->globals);
  const dt_status made = status == DT__DONE ? make_session(p, port, drummer, &err) : DT_OK;
  if (made != DT_OK)
    status = dt__world_error(p->values.record ? p->values.record : "the session", made, &err);
  else if (status == DT__DONE) {
    status = run(p);
    const int kept = finish(p);
    status = status == DT__DONE ? kept : status;
  }
  dt_port_close(port);
  dt_session_free(p->session);
  dt__screen_end(&p->screen);
  return status;
}

static int check(const dt__practice_values* values) {
  if (!values->drummer && (values->fast || values->sound || !isnan(values->able)))
    return dt__usage_error("practice", "--fast, --sound and --able go with --drummer");
  if (values->sync != DT_SYNC_NONE && values->drummer)
    return dt__usage_error("practice", "a simulated drummer has no clock to go with (--sync)");
  if (values->sync == DT_SYNC_JACK && values->audio && strncmp(values->audio, "jack", 4) != 0)
    return dt__usage_error("practice", "--sync jack needs --audio jack");
  if (values->sync != DT_SYNC_NONE &&
      (values->mode == DT_MODE_LADDER || values->mode == DT_MODE_SURPRISE))
    return dt__usage_error("practice",
                           "with --sync the tempo is the clock's: no --mode ladder, no surprise");
  if (values->drummer && values->audio)
    return dt__usage_error("practice", "a simulated drummer needs no --audio");
  if (!values->band && (values->soundfont || !isnan(values->band_level)))
    return dt__usage_error("practice", "--soundfont and --band-level go with --band");
  if (values->kit && !dt_kitmap_named(values->kit))
    return dt__usage_error("practice", "there is no kit called '%.40s'", values->kit);
  return DT__DONE;
}

int dt__practice_command(int argc, char** argv, dt__globals* globals) {
  practice p = {.globals = globals, .latency_ms = (double)NAN};
  p.values = (dt__practice_values){.mode = -1,
                                   .from = (double)NAN,
                                   .to = (double)NAN,
                                   .tempo = (double)NAN,
                                   .minutes = (double)NAN,
                                   .level = -1,
                                   .tone = -1,
                                   .limbs = -1,
                                   .latency = (double)NAN,
                                   .click = (double)NAN,
                                   .band_level = (double)NAN,
                                   .able = (double)NAN,
                                   .seed = 1};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("practice", &p.values, globals, argc, argv, &operand, &status))
    return status;
  dt_drummer drummer = dt_drummer_default();
  drummer.seed = p.values.seed;
  dt_error err = {0};
  status = check(&p.values);
  if (status == DT__DONE && p.values.drummer &&
      dt_drummer_parse(&drummer, p.values.drummer, &err) != DT_OK)
    status = dt__usage_error("practice", "%s", err.sentence);
  p.given = p.values;
  if (p.values.sync == DT_SYNC_JACK)
    p.values.audio = p.values.audio ? p.values.audio : "jack";
  if (status == DT__DONE)
    status = dt__practice_set_up(&p.values, &p.setup);
  if (status == DT__DONE)
    status = dt__practice_load(&p.plan, operand, &p.values);
  if (status == DT__DONE)
    status = dt__practice_files_read(&p.files, &p.values, &p.plan, globals);
  /* A simulated drummer's takes are nobody's history, unless a place is named for them. */
  p.keeps_takes = !p.values.drummer || p.values.keep.db;
  p.keeps_log = !p.values.drummer || p.values.log;
  if (status == DT__DONE) {
    dt__catch_stops();
    status = practise(&p, &drummer);
  }
  dt__practice_unload(&p.plan);
  dt__practice_files_clear(&p.files);
  return status;
}
