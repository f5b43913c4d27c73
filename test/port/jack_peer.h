#ifndef DT_TEST_JACK_PEER_H
#define DT_TEST_JACK_PEER_H

/* Another program on the same JACK server: plays an impulse and a note at each frame of the server
 * that `every` divides, or (every 0) writes down at which frames it hears some. It is this program
 * started anew with other arguments, and shares a mapped file with the test. Include after
 * jack_server.h.
 *
 * On a busy machine a client is called late, and then JACK tells it the time of the cycle after.
 * The counter jumps in such a cycle: it is odd, and nothing is played or written down in it. */

#include <jack/midiport.h>
#include <sys/mman.h>

#define HEARD_MAX 4096

typedef struct jack_peer {
  uint32_t sounds[HEARD_MAX]; /* by the server's counter */
  _Atomic int sound_count;
  uint32_t notes[HEARD_MAX];
  _Atomic int note_count;
  _Atomic int odd_count;
  _Atomic int has_joined;
  uint32_t every;
  uint32_t expected;
  jack_client_t* client;
  jack_port_t *in, *out, *midi_in, *midi_out;
} jack_peer;

static inline void peer_play(jack_peer* peer, uint32_t now, jack_nframes_t frame_count,
                             bool is_odd) {
  static const uint8_t note[3] = {0x99, 38, 100};
  static const uint8_t sysex[5] = {0xF0, 0x7D, 1, 2, 0xF7};
  float* out = jack_port_get_buffer(peer->out, frame_count);
  void* midi = jack_port_get_buffer(peer->midi_out, frame_count);
  memset(out, 0, frame_count * sizeof(float));
  jack_midi_clear_buffer(midi);
  for (uint32_t i = 0; !is_odd && i < frame_count; ++i)
    if ((now + i) % peer->every == 0) {
      out[i] = 1.0F;
      (void)jack_midi_event_write(midi, i, note, sizeof note);
      (void)jack_midi_event_write(midi, i, sysex, sizeof sysex);
    }
}

static inline void peer_hear(jack_peer* peer, uint32_t now, jack_nframes_t frame_count) {
  const float* in = jack_port_get_buffer(peer->in, frame_count);
  void* midi = jack_port_get_buffer(peer->midi_in, frame_count);
  for (uint32_t i = 0; i < frame_count; ++i) {
    const int count = atomic_load(&peer->sound_count);
    if (in[i] > 0.5F && count < HEARD_MAX) {
      peer->sounds[count] = now + i;
      atomic_store(&peer->sound_count, count + 1);
    }
  }
  for (uint32_t i = 0; i < jack_midi_get_event_count(midi); ++i) {
    jack_midi_event_t event;
    const int count = atomic_load(&peer->note_count);
    if (jack_midi_event_get(&event, midi, i) == 0 && count < HEARD_MAX) {
      peer->notes[count] = now + event.time;
      atomic_store(&peer->note_count, count + 1);
    }
  }
}

static inline int peer_process(jack_nframes_t frame_count, void* context) {
  jack_peer* peer = context;
  const uint32_t now = jack_last_frame_time(peer->client);
  const bool is_odd = now != peer->expected;
  peer->expected = now + frame_count;
  if (is_odd)
    atomic_fetch_add(&peer->odd_count, 1);
  if (peer->every > 0)
    peer_play(peer, now, frame_count, is_odd);
  else if (!is_odd)
    peer_hear(peer, now, frame_count);
  return 0;
}

static inline void peer_join(jack_peer* peer, const char* name) {
  peer->client = jack_client_open(name, JackNoStartServer, NULL);
  if (peer->client == NULL)
    return;
  const char* audio = JACK_DEFAULT_AUDIO_TYPE;
  const char* midi = JACK_DEFAULT_MIDI_TYPE;
  if (peer->every > 0) {
    peer->out = jack_port_register(peer->client, "out", audio, JackPortIsOutput, 0);
    peer->midi_out = jack_port_register(peer->client, "midi", midi, JackPortIsOutput, 0);
  } else {
    peer->in = jack_port_register(peer->client, "in", audio, JackPortIsInput, 0);
    peer->midi_in = jack_port_register(peer->client, "midi", midi, JackPortIsInput, 0);
  }
  jack_set_process_callback(peer->client, peer_process, peer);
  if (jack_activate(peer->client) == 0)
    atomic_store(&peer->has_joined, 1);
}

/* ---------------------------------------------------------------- from the test */

typedef struct peer_program {
  jack_peer* peer; /* shared */
  pid_t pid;
  char path[64];
} peer_program;

static inline jack_peer* peer_map(const char* path) {
  const int file = open(path, O_RDWR);
  if (file < 0)
    return NULL;
  jack_peer* peer = mmap(NULL, sizeof(jack_peer), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return peer == MAP_FAILED ? NULL : peer;
}

/* The other program's main: PROGRAM peer NAME FILE. It stays until it is ended. */
static inline int peer_main(char** argv) {
  jack_peer* peer = peer_map(argv[3]);
  if (peer == NULL)
    return 1;
  jack_set_error_function(hush);
  jack_set_info_function(hush);
  peer_join(peer, argv[2]);
  for (;;)
    nap_ms(1000);
}

static inline peer_program peer_start(const char* name, uint32_t every) {
  peer_program program = {.pid = 0};
  (void)snprintf(program.path, sizeof program.path, "/tmp/doubletime-peer-XXXXXX");
  const int file = mkstemp(program.path);
  assert_true(file >= 0);
  assert_int_equal(ftruncate(file, sizeof(jack_peer)), 0);
  close(file);
  program.peer = peer_map(program.path);
  assert_non_null(program.peer);
  program.peer->every = every;
  program.pid = fork();
  if (program.pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl("/proc/self/exe", "peer", "peer", name, program.path, (char*)NULL);
    _exit(127);
  }
  assert_true(wait_for_count(&program.peer->has_joined, 1, 20000));
  return program;
}

static inline void peer_end(peer_program* program) {
  if (program->pid <= 0)
    return;
  kill(program->pid, SIGKILL);
  waitpid(program->pid, NULL, 0);
  program->pid = 0;
  unlink(program->path);
}

/* When nothing more is read from it. */
static inline void peer_forget(peer_program* program) {
  peer_end(program);
  if (program->peer != NULL)
    munmap(program->peer, sizeof(jack_peer));
  program->peer = NULL;
}

#endif
